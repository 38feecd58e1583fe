import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { queries } from '../../api/queries';
import { userQueries } from '../../api/users';
import { useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import { Note, Panel } from '../../ui/Panel';
import { SecurityList } from '../../ui/SecurityList';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminSections } from '../AdminSections';
import { KeysPanel } from './KeysPanel';

/** The security log of all accounts and the signing keys. */
export function SecurityPage() {
  const { t } = useAdminWords();
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(userQueries.security);
  const isOwner = useQuery(queries.bootstrap).data?.account?.role === 'owner';
  if (!data) {
    return (
      <AdminSections title={t('securityLog')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AdminSections>
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  const again = (
    <Button small icon={<RefreshCw />} data-nav-default="" busy={isFetching && !isFetchingNextPage} onClick={() => void refetch()}>
      {t('refresh')}
    </Button>
  );
  return (
    <AdminSections title={t('securityLog')}>
      <Panel title={t('whatHappened')} actions={again}>
        {items.length === 0 && <Note>{t('nothingHappened')}</Note>}
        <SecurityList items={items} withAccount />
        {hasNextPage && (
          <Actions>
            <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('showMore')}
            </Button>
          </Actions>
        )}
      </Panel>
      {isOwner && <KeysPanel />}
    </AdminSections>
  );
}
