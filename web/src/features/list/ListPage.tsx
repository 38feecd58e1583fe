import { useInfiniteQuery } from '@tanstack/react-query';
import { HeartPlus } from 'lucide-react';
import { watchingQueries } from '../../api/watching';
import { useViewerWords } from '../../i18n/namespaces';
import { Button, ButtonLink } from '../../ui/Button';
import { PosterCard } from '../../ui/Card';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import { MyTitlesTabs } from './MyTitlesTabs';
import s from './MyTitlesTabs.module.css';

/** The profile's list (watchlist), newest first. */
export function ListPage() {
  const { t } = useViewerWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(watchingQueries.list);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('myList')} heading busy={!data && !error}>
      <MyTitlesTabs here="/list" />
      {!data && (error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="grid" />)}
      {data && items.length === 0 && !hasNextPage && (
        <Empty icon={<HeartPlus />} heading={t('listEmpty')} text={t('listEmptyText')}>
          <ButtonLink to="/browse" tone="primary" data-nav-default="">
            {t('allTitles')}
          </ButtonLink>
        </Empty>
      )}
      <div className={s.grid} data-nav="grid" data-nav-remember="">
        {items.map((title) => (
          <PosterCard key={title.id} title={title} rowId="list" />
        ))}
      </div>
      {hasNextPage && (
        <div className={s.more}>
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </Page>
  );
}
