import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { adminLibrary, adminLibraryQueries } from '../../api/admin-library';
import { queryClient } from '../../api/queries';
import type { BinItem } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { day, moment } from '../../ui/date-format';
import { Line, Note, Panel } from '../../ui/Panel';
import { failureWords } from '../../ui/words';

/** The bin: missing files whose titles, progress and marks are kept until they are purged. */
export function BinPanel() {
  const words = useAdminWords();
  const { t, language } = words;
  const { data, error } = useQuery(adminLibraryQueries.bin);
  const [leaving, setLeaving] = useState<BinItem>();
  return (
    <Panel title={data && data.total > 0 ? t('binCount', { count: data.total }) : t('bin')}>
      <Note>{t(data && data.total === 0 ? 'binEmpty' : 'binText')}</Note>
      {error ? <Notice>{failureWords(words, error)}</Notice> : null}
      {data?.items.map((item) => (
        <Line
          key={item.fileId}
          title={
            item.titleId ? (
              <Link to="/title/$id" params={{ id: item.titleId }}>
                {item.name}
              </Link>
            ) : (
              item.name
            )
          }
          facts={
            <>
              {[
                t('goneSince', { when: moment(language, item.missingSinceMs) }),
                item.goneAtMs ? t('forgottenOn', { when: day(language, item.goneAtMs) }) : t('neverForgotten'),
                item.reason,
              ]
                .filter(Boolean)
                .join(' · ')}
              <br />
              {item.path}
            </>
          }
        >
          <Button
            small
            round
            tone="bare"
            icon={<Trash2 />}
            aria-label={t('forgetNow', { name: item.name })}
            onClick={() => setLeaving(item)}
          />
        </Line>
      ))}
      {leaving && <ForgetDialog item={leaving} onClose={() => setLeaving(undefined)} />}
    </Panel>
  );
}

function ForgetDialog({ item, onClose }: { item: BinItem; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const forget = useMutation({
    mutationFn: () => adminLibrary.forgetFile(item.fileId),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: adminLibraryQueries.bin.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t('forgetAsk', { name: item.name })} onClose={onClose}>
      {forget.error ? <Notice>{failureWords(words, forget.error)}</Notice> : null}
      <p>{t('forgetText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={forget.isPending} onClick={() => forget.mutate()}>
          {t('forgetIt')}
        </Button>
      </Actions>
    </Dialog>
  );
}
