import { useQuery } from '@tanstack/react-query';
import { storageQuery } from '../../api/storage';
import { useAdminWords } from '../../i18n/namespaces';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminSections } from '../AdminSections';
import { CleanPanel } from './CleanPanel';
import { LocationPanel } from './LocationPanel';
import { S3Panel } from './S3Panel';
import s from './StoragePage.module.css';

/** Storage of segments and pictures: backend, S3 settings, moving and garbage collection. */
export function StoragePage() {
  const { t } = useAdminWords();
  const { data, error, refetch } = useQuery(storageQuery);
  if (!data) {
    return (
      <AdminSections title={t('storage')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AdminSections>
    );
  }
  return (
    <AdminSections title={t('storage')}>
      <div className={s.columns} data-nav="col">
        <div data-nav="col">
          <LocationPanel storage={data} />
          <CleanPanel task={data.task} />
        </div>
        <S3Panel s3={data.s3} home={data.home} />
      </div>
    </AdminSections>
  );
}
