import { Link } from '@tanstack/react-router';
import type { Job, Jobs } from '../api/types';
import { type AdminKey, type AdminT, useAdminWords } from '../i18n/namespaces';
import { Line, Note, Panel } from '../ui/Panel';
import { Progress } from '../ui/Progress';
import { duration } from '../ui/words';
import s from './JobsPanel.module.css';

const classes: Record<Job['class'], AdminKey> = { jit: 'classJit', new: 'classNew', backlog: 'classBacklog' };

/** Approximate duration of a segment in seconds; the remaining time is rounded to minutes. */
const segmentMs = 4000;

function facts(t: AdminT, job: Job): string {
  const left = Math.max(0, job.to - job.at) * segmentMs;
  return [
    t(classes[job.class]),
    job.renditions.join(', '),
    job.paused ? t('encodePaused') : job.speed ? t('speedTimes', { speed: Math.round(job.speed * 10) / 10 }) : '',
    !job.paused && job.speed ? t('readyIn', { time: duration(t, left / job.speed) }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Running, queued and dead encoding jobs. */
export function JobsPanel({ jobs: { running, waiting, dead } }: { jobs: Jobs }) {
  const { t } = useAdminWords();
  return (
    <Panel title={t('encoding')}>
      <p className={s.waiting}>{t('waitingLine', { jit: waiting.jit, fresh: waiting.new, backlog: waiting.backlog })}</p>
      {running.length === 0 && <Note>{t('encodingNone')}</Note>}
      {running.map((job) => (
        <div key={job.runId} className={s.job} data-paused={job.paused || undefined} data-testid="job">
          <p className={s.name}>
            {job.titleId ? (
              <Link to="/title/$id" params={{ id: job.titleId }} className={s.link}>
                {job.titleName}
              </Link>
            ) : (
              (job.titleName ?? job.runId)
            )}
          </p>
          <p className={s.facts}>{facts(t, job)}</p>
          <Progress percent={job.to > job.from ? ((job.at - job.from) / (job.to - job.from)) * 100 : 0} label={t('encoding')} />
        </div>
      ))}
      {dead.map((job) => (
        <Line key={job.key} title={job.titleName ?? job.key} facts={t('gaveUp', { reason: job.reason })} tone="danger" />
      ))}
    </Panel>
  );
}
