import { useMutation } from '@tanstack/react-query';
import { Brush, Search } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import { isActive, storage, storageQuery } from '../../api/storage';
import type { StorageTask } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Note, Panel } from '../../ui/Panel';
import { bytes, failureWords } from '../../ui/words';
import s from './CleanPanel.module.css';
import { TaskProgress } from './TaskProgress';

/** Garbage collection: a dry run lists unreferenced blobs, a confirmation deletes them. */
export function CleanPanel({ task }: { task?: StorageTask }) {
  const words = useAdminWords();
  const { t } = words;
  const [asking, setAsking] = useState(false);
  const clean = useMutation({
    mutationFn: storage.clean,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: storageQuery.queryKey }),
  });
  const own = task?.kind === 'gc' ? task : undefined;
  const found = own?.dryRun && own.state === 'done' ? own : undefined;
  const look = (
    <Button small icon={<Search />} busy={clean.isPending} disabled={isActive(task)} data-nav-default="" onClick={() => clean.mutate(true)}>
      {t('cleanLook')}
    </Button>
  );
  return (
    <Panel title={t('clean')} actions={look}>
      {clean.error ? <Notice>{failureWords(words, clean.error)}</Notice> : null}
      {own && !found && <TaskProgress task={own} />}
      {found ? <Found task={found} onClean={() => setAsking(true)} /> : <Note>{t('cleanText')}</Note>}
      {asking && found && (
        <Dialog title={t('cleanAsk')} onClose={() => setAsking(false)}>
          <p>{t('cleanAskText', { count: found.total })}</p>
          <Actions>
            <Button onClick={() => setAsking(false)} data-nav-default="">
              {t('cancel')}
            </Button>
            <Button
              tone="danger"
              icon={<Brush />}
              onClick={() => {
                setAsking(false);
                clean.mutate(false);
              }}
            >
              {t('cleanNow')}
            </Button>
          </Actions>
        </Dialog>
      )}
    </Panel>
  );
}

function Found({ task, onClean }: { task: StorageTask; onClean: () => void }) {
  const { t, language, reason } = useAdminWords();
  const items = task.garbage ?? [];
  if (task.total === 0) return <Note>{t('cleanNothing')}</Note>;
  return (
    <div data-nav="col">
      <p className={s.sum}>{t('cleanFound', { count: task.total, size: bytes(t, language, task.totalBytes) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <div className={s.list} tabIndex={0} role="region" aria-label={t('cleanList')}>
        <ul>
          {items.map(({ key, size, why }) => (
            <li key={key} className={s.item}>
              <span className={s.key}>{key}</span>
              <span className={s.size}>{bytes(t, language, size)}</span>
              <span className={s.why}>{reason(`garbage_${why}`, why)}</span>
            </li>
          ))}
        </ul>
        {task.total > items.length && <p className={s.more}>{t('cleanMore', { count: task.total - items.length })}</p>}
      </div>
      <Actions>
        <Button tone="danger" icon={<Brush />} onClick={onClean}>
          {t('cleanNow')}
        </Button>
      </Actions>
    </div>
  );
}
