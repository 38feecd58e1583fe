import { useMutation, useQuery } from '@tanstack/react-query';
import { FileX2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type BinnedFile, keeping, keepingQueries } from '../../api/keeping';
import { queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Gate';
import { Line, Note, Panel } from '../../ui/Panel';
import { day } from '../../ui/when';
import { failureWords } from '../../ui/words';

/** Files that are gone. They are remembered for a while, so that one that comes back has its history. */
export function BinPanel() {
  const { t, language } = useKeeperWords();
  const { data } = useQuery(keepingQueries.bin);
  const [leaving, setLeaving] = useState<BinnedFile>();
  const items = data?.items ?? [];
  const total = data?.total ?? items.length;
  return (
    <Panel title={total > 0 ? t('binCount', { count: total }) : t('bin')}>
      <Note>{t('binText')}</Note>
      {items.map((item) => (
        <Line
          key={item.fileId}
          icon={<FileX2 />}
          title={item.name}
          facts={
            <span title={item.path}>
              {t('binFacts', { since: day(language, item.missingSinceMs), until: day(language, item.goneAtMs) })}
            </span>
          }
        >
          <Button
            small
            round
            tone="bare"
            icon={<Trash2 />}
            aria-label={t('forgetName', { name: item.name })}
            onClick={() => setLeaving(item)}
          />
        </Line>
      ))}
      {leaving && <Forget item={leaving} onClose={() => setLeaving(undefined)} />}
    </Panel>
  );
}

function Forget({ item, onClose }: { item: BinnedFile; onClose: () => void }) {
  const words = useKeeperWords();
  const { t } = words;
  const forget = useMutation({
    mutationFn: () => keeping.forget(item.fileId),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['library'] });
      onClose();
    },
  });
  return (
    <Dialog title={t('forgetAsk')} onClose={onClose}>
      {forget.error ? <Notice>{failureWords(words, forget.error)}</Notice> : null}
      <p>{item.path}</p>
      <p>{t('forgetText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={forget.isPending} onClick={() => forget.mutate()}>
          {t('forgetFile')}
        </Button>
      </Actions>
    </Dialog>
  );
}
