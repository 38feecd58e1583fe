import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';
import { useAdminWords } from '../i18n/namespaces';
import { Skeleton } from '../ui/Skeleton';
import { Failure } from '../ui/State';
import { bytes } from '../ui/words';
import s from './AdminPage.module.css';
import { AdminSections } from './AdminSections';
import { Attention } from './Attention';
import { JobsPanel } from './JobsPanel';
import { LibraryPanel } from './LibraryPanel';
import { PlayingPanel } from './PlayingPanel';
import { SystemPanel } from './SystemPanel';

/** The admin overview: library, jobs, files that need attention and system facts, updated by server-sent events. */
export function AdminPage() {
  const { t, language } = useAdminWords();
  const library = useQuery(queries.library);
  const jobs = useQuery(queries.jobs);
  const system = useQuery(queries.system);
  const error = library.error ?? jobs.error ?? system.error;

  if (!library.data || !jobs.data || !system.data) {
    const retry = () => [library, jobs, system].map((query) => query.refetch());
    return (
      <AdminSections title={t('overview')} busy={!error}>
        {error ? <Failure error={error} onRetry={retry} /> : <Skeleton shape="lines" count={2} />}
      </AdminSections>
    );
  }

  const { counts } = library.data;
  const { waiting, running } = jobs.data;
  const queued = waiting.jit + waiting.new + waiting.backlog;
  const tiles = [
    { name: t('tileTitles'), value: counts.titles, note: t('files', { count: counts.files }) },
    { name: t('tileEncoding'), value: running.length, note: t('jobsWaiting', { count: queued }) },
    {
      name: t('attention'),
      value: counts.attention,
      note: t(counts.attention > 0 ? 'attentionSome' : 'attentionNone'),
      warn: counts.attention > 0,
    },
    { name: t('tileDisk'), value: bytes(t, language, system.data.diskFreeBytes), note: t('free') },
  ];

  return (
    <AdminSections title={t('overview')}>
      <ul className={s.tiles}>
        {tiles.map(({ name, value, note, warn }) => (
          <li key={name} className={s.tile} data-warn={warn || undefined}>
            <p className={s.tileName}>{name}</p>
            <p className={s.tileValue}>{typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value}</p>
            <p className={s.tileNote}>{note}</p>
          </li>
        ))}
      </ul>
      <div className={s.columns} data-nav="col">
        <div data-nav="col">
          <LibraryPanel library={library.data} />
          <Attention count={counts.attention} />
        </div>
        <div data-nav="col">
          <PlayingPanel />
          <JobsPanel jobs={jobs.data} />
          <SystemPanel system={system.data} />
        </div>
      </div>
    </AdminSections>
  );
}
