import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { queryClient } from '../../api/queries';
import { isActive, storage, storageQuery } from '../../api/storage';
import type { StorageTask } from '../../api/types';
import { type AdminKey, type AdminT, useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { moment, remaining } from '../../ui/date-format';
import { Progress } from '../../ui/Progress';
import { bytes } from '../../ui/words';
import s from './TaskProgress.module.css';

const names: Record<'s3' | 'disk' | 'gc', AdminKey> = { s3: 'movingToS3', disk: 'movingToDisk', gc: 'cleaning' };

/** Phases of a move that cannot be cancelled: after copying, or after a cancellation. */
const phases: Record<string, AdminKey> = { back: 'phaseBack', tidy: 'phaseTidy', clear: 'phaseTidy' };

const nameOf = (task: StorageTask): AdminKey => names[task.kind === 'gc' ? 'gc' : task.to === 's3' ? 's3' : 'disk'];

/**
 * Progress of a task in percent: of its bytes, because objects differ a thousandfold in size.
 * @internal
 */
export function percentOf({ done, total, doneBytes, totalBytes }: StorageTask): number {
  if (totalBytes > 0) return Math.min(100, (doneBytes / totalBytes) * 100);
  return total > 0 ? Math.min(100, (done / total) * 100) : 0;
}

function facts(t: AdminT, language: string, task: StorageTask): string {
  if (task.state === 'waiting') return t('taskWaiting');
  const phase = phases[task.phase ?? ''];
  const size = (count: number) => bytes(t, language, count);
  const left = task.speed ? ((task.totalBytes - task.doneBytes) / task.speed) * 1000 : 0;
  return [
    phase && t(phase),
    t('blobsOf', { done: task.done, total: task.total }),
    t('bytesOf', { done: size(task.doneBytes), total: size(task.totalBytes) }),
    task.speed ? t('perSecond', { size: size(task.speed) }) : '',
    left > 0 ? t('timeRemaining', { time: remaining(t, left) }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A running storage task with a cancel button, or the result of the last one. */
export function TaskProgress({ task }: { task: StorageTask }) {
  const { t, language } = useAdminWords();
  const cancel = useMutation({
    mutationFn: storage.cancel,
    onSettled: () => queryClient.invalidateQueries({ queryKey: storageQuery.queryKey }),
  });
  const name = t(nameOf(task));
  if (!isActive(task)) return <Ended task={task} />;
  const percent = percentOf(task);
  return (
    <div className={s.task} data-testid="storage-task" data-nav="row">
      <div className={s.head}>
        <p className={s.name}>{name}</p>
        <p className={s.percent}>{Math.floor(percent)} %</p>
        {!phases[task.phase ?? ''] && (
          <Button
            small
            round
            tone="bare"
            icon={<X />}
            aria-label={t('cancelTask')}
            busy={cancel.isPending}
            onClick={() => cancel.mutate()}
          />
        )}
      </div>
      <Progress percent={percent} label={name} />
      <p className={s.facts}>{facts(t, language, task)}</p>
      {task.error && (
        <p className={s.error} role="status">
          {t('taskRetries', { reason: task.error })}
        </p>
      )}
    </div>
  );
}

const ends: Record<'done' | 'failed' | 'cancelled', AdminKey> = { done: 'taskDone', failed: 'taskFailed', cancelled: 'taskCancelled' };

function Ended({ task }: { task: StorageTask }) {
  const { t, language } = useAdminWords();
  const failed = task.state === 'failed';
  const end = ends[task.state as keyof typeof ends];
  return (
    <div className={s.ended} data-testid="storage-task" data-state={task.state}>
      {failed ? <CircleAlert aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}
      <p>
        {t(end, { task: t(nameOf(task)) })}
        {task.finishedMs ? ` · ${moment(language, task.finishedMs)}` : ''}
        {task.error && <span className={s.reason}>{task.error}</span>}
      </p>
    </div>
  );
}
