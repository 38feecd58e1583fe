import { useMutation, useQuery } from '@tanstack/react-query';
import { FolderPlus, RefreshCw, ScanSearch } from 'lucide-react';
import { useState } from 'react';
import { adminLibraryQueries } from '../../api/admin-library';
import { server } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Note, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminSections } from '../AdminSections';
import { AddFolder, Scanning } from '../LibraryPanel';
import { BinPanel } from './BinPanel';
import { PreviewDialog } from './PreviewDialog';
import { RootCard } from './RootCard';

/** Library folders with their watch mode, state and actions. */
export function LibraryPage() {
  const { t } = useAdminWords();
  const { data, error, refetch } = useQuery(queries.library);
  const { data: ladders } = useQuery(adminLibraryQueries.ladders);
  const [adding, setAdding] = useState(false);
  const [looking, setLooking] = useState(false);
  const scan = useMutation({
    mutationFn: server.scan,
    onSettled: () => queryClient.invalidateQueries({ queryKey: queries.library.queryKey }),
  });
  if (!data) {
    return (
      <AdminSections title={t('libraries')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AdminSections>
    );
  }
  const actions = (
    <>
      <Button small icon={<RefreshCw />} busy={scan.isPending} disabled={data.scan.running} onClick={() => scan.mutate()}>
        {t('scanNow')}
      </Button>
      <Button small icon={<ScanSearch />} onClick={() => setLooking(true)}>
        {t('previewScan')}
      </Button>
      <Button small icon={<FolderPlus />} onClick={() => setAdding(true)}>
        {t('addFolder')}
      </Button>
    </>
  );
  return (
    <AdminSections title={t('libraries')}>
      <Panel title={t('folders')} actions={actions}>
        {data.scan.running && <Scanning scan={data.scan} />}
        {data.roots.length === 0 && <Note>{t('noFolders')}</Note>}
        {data.roots.map((root) => (
          <RootCard key={root.id} root={root} ladders={ladders} />
        ))}
      </Panel>
      <BinPanel />
      {adding && <AddFolder onClose={() => setAdding(false)} />}
      {looking && <PreviewDialog onClose={() => setLooking(false)} />}
    </AdminSections>
  );
}
