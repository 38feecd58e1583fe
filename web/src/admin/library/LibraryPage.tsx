import { useMutation, useQuery } from '@tanstack/react-query';
import { Eye, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { server } from '../../api/client';
import type { KeptRoot } from '../../api/keeping';
import { queries, queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Note, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminAreas } from '../AdminAreas';
import { Attention } from '../Attention';
import { Scanning } from '../LibraryPanel';
import s from '../storage/StoragePage.module.css';
import { BinPanel } from './BinPanel';
import { PreviewDialog } from './PreviewDialog';
import { RootCard } from './RootCard';
import { UnmatchedPanel } from './UnmatchedPanel';

/** How each folder is watched and how it fares, what is not sure, and what is gone. */
export function LibraryPage() {
  const { t } = useKeeperWords();
  const { data, error, refetch } = useQuery(queries.library);
  const [previewing, setPreviewing] = useState(false);
  const scan = useMutation({ mutationFn: server.scan, onSettled: () => queryClient.invalidateQueries({ queryKey: ['library'] }) });
  if (!data) {
    return (
      <AdminAreas title={t('library')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AdminAreas>
    );
  }
  const roots = data.roots as KeptRoot[];
  const actions = (
    <>
      <Button small icon={<Eye />} onClick={() => setPreviewing(true)}>
        {t('preview')}
      </Button>
      <Button small icon={<RefreshCw />} busy={scan.isPending} disabled={data.scan.running} onClick={() => scan.mutate()}>
        {t('scanNow')}
      </Button>
    </>
  );
  return (
    <AdminAreas title={t('library')}>
      <div className={s.columns} data-nav="col">
        <Panel title={t('folders')} actions={actions}>
          {data.scan.running && <Scanning scan={data.scan} />}
          {roots.length === 0 && <Note>{t('noFolders')}</Note>}
          {roots.map((root) => (
            <RootCard key={root.id} root={root} />
          ))}
        </Panel>
        <div data-nav="col">
          <UnmatchedPanel />
          <Attention count={data.counts.attention} />
          <BinPanel />
        </div>
      </div>
      {previewing && <PreviewDialog onClose={() => setPreviewing(false)} />}
    </AdminAreas>
  );
}
