import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Film } from 'lucide-react';
import { catalogueQueries } from '../../api/catalogue';
import { queries } from '../../api/queries';
import type { Collection } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { ButtonLink } from '../../ui/Button';
import { Page } from '../../ui/Page';
import { sized } from '../../ui/Picture';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import { VirtualGrid } from '../../ui/VirtualGrid';
import s from './Collections.module.css';

const route = getRouteApi('/shell/collection/$id');

/** A channel or collection with its titles in its own order. */
export function CollectionPage() {
  const { t } = useViewerWords();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(catalogueQueries.collection(id));
  return (
    <Page title={data?.name ?? ''} busy={!data && !error}>
      {data ? <Found collection={data} /> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="grid" />}
      {!data && <h1 className={s.unseen}>{t('collection')}</h1>}
    </Page>
  );
}

function Found({ collection: { id, name, kind, how, overview, logo } }: { collection: Collection }) {
  const { t } = useViewerWords();
  const result = useInfiniteQuery(queries.titles({ collection: id, sort: how === 'hand' ? 'place' : 'title' }));
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const total = result.data?.pages[0]?.total;
  return (
    <>
      <header className={s.head} data-nav-line="">
        <p className={s.kind}>{t(kind)}</p>
        <h1 className={s.name}>{logo ? <img src={sized(logo, 640)} alt={name} className={s.logo} draggable={false} /> : name}</h1>
        {overview && <p className={s.overview}>{overview}</p>}
        <div className={s.facts} data-nav="row">
          <span>{total === undefined ? ' ' : t('collectionTitleCount', { count: total })}</span>
          <ButtonLink to="/browse" search={{ collection: id }} small>
            {t('changeFilters')}
          </ButtonLink>
        </div>
      </header>
      {result.error ? <Failure error={result.error} onRetry={result.refetch} /> : null}
      {!result.data && !result.error && <Skeleton shape="grid" />}
      {total === 0 && <Empty icon={<Film />} heading={t('noPeople')} text={t('collectionsEmptyText')} />}
      <VirtualGrid
        titles={items}
        rowId={`collection/${id}`}
        more={result.hasNextPage && !result.isFetchingNextPage}
        onMore={result.fetchNextPage}
      />
    </>
  );
}
