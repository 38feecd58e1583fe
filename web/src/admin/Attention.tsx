import { useMutation, useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { server } from '../api/client';
import { queries, queryClient } from '../api/queries';
import type { AttentionItem } from '../api/types';
import { useAdminWords } from '../i18n/namespaces';
import { Button } from '../ui/Button';
import { Line, Note, Panel } from '../ui/Panel';

/** Files that cannot be played and paths that scans leave out, each with its reason. */
export function Attention({ count }: { count: number }) {
  const { t } = useAdminWords();
  const { data } = useQuery(queries.attention);
  const items = data?.items ?? [];
  return (
    <Panel title={count > 0 ? t('attentionCount', { count }) : t('attention')}>
      {items.length === 0 && <Note>{t('attentionNone')}</Note>}
      {items.map((item) => (
        <Item key={item.fileId || item.path} item={item} />
      ))}
    </Panel>
  );
}

function Item({ item }: { item: AttentionItem }) {
  const { t, reason } = useAdminWords();
  const retry = useMutation({
    mutationFn: () => server.retryFile(item.fileId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['attention'] }),
  });
  const facts = (
    <>
      {reason(item.code, item.reason)} <span title={item.path}>({item.code})</span>
    </>
  );
  return (
    <Line title={item.name} facts={facts} tone="warn">
      {item.fileId !== '' && (
        <Button small icon={<RefreshCw />} busy={retry.isPending} onClick={() => retry.mutate()}>
          {t('retry')}
        </Button>
      )}
    </Line>
  );
}
