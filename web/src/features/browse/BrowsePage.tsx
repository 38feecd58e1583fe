import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FilterX, SearchX } from 'lucide-react';
import { catalogueQueries } from '../../api/catalogue';
import { queries } from '../../api/queries';
import { type Browse, sorts } from '../../api/types';
import { useViewerWords, type ViewerKey, type ViewerT } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import { VirtualGrid } from '../../ui/VirtualGrid';
import s from './BrowsePage.module.css';
import { ActiveFilters, FilterBar, noFilters } from './FilterBar';
import { activeFilters } from './filters';

const route = getRouteApi('/shell/browse');

type KindChoice = 'all' | 'movie' | 'series';

const sortWords: Record<(typeof sorts)[number], ViewerKey> = {
  added: 'sortAdded',
  title: 'sortTitle',
  year: 'sortYear',
  released: 'sortReleased',
  rating: 'sortRating',
  random: 'sortRandom',
};

/** Year alone is offered: the order by release date is nearly the same. */
const offered = sorts.filter((sort) => sort !== 'released');

function headingOf(t: ViewerT, { kind, of }: Browse, genre: string | undefined): string {
  const only = of ?? genre;
  if (only) return only;
  if (kind === 'movie') return t('movies');
  return t(kind === 'series' ? 'series' : 'allTitles');
}

/** The browse page: a poster grid whose filters and order are URL search parameters, so Back and shared links work. */
export function BrowsePage() {
  const { t } = useViewerWords();
  const browse = route.useSearch();
  const navigate = route.useNavigate();
  const result = useInfiniteQuery(queries.titles(browse));
  const facets = useQuery(catalogueQueries.facets(browse)).data;
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const total = result.data?.pages[0]?.total ?? 0;
  const empty = result.data && items.length === 0;
  const change = (some: Partial<Browse>) => void navigate({ search: (old) => ({ ...old, ...some }), replace: true });
  const genre = facets?.genres?.find(({ id }) => id === browse.genre)?.name;
  const asking = { browse, facets, onChange: change };

  return (
    <Page title={headingOf(t, browse, genre)} heading busy={!result.data && !result.error}>
      <div className={s.tools} data-nav="col">
        <div className={s.choices} data-nav="row">
          <Choice<KindChoice>
            label={t('kind')}
            value={browse.kind ?? 'all'}
            options={[
              { value: 'all', label: t('all') },
              { value: 'movie', label: t('movies') },
              { value: 'series', label: t('series') },
            ]}
            onChange={(kind) => change({ kind: kind === 'all' ? undefined : kind })}
          />
          <FilterBar {...asking} />
        </div>
        <ActiveFilters {...asking} />
        <div className={s.order} data-nav="row">
          <p className={s.count} aria-live="polite">
            {result.data ? t('titles', { count: total }) : ' '}
          </p>
          <Choice
            label={t('sort')}
            value={browse.sort ?? 'added'}
            options={offered.map((sort) => ({ value: sort, label: t(sortWords[sort]) }))}
            onChange={(sort) => change({ sort: sort === 'added' ? undefined : sort })}
          />
        </div>
      </div>
      {!result.data && result.error && <Failure error={result.error} onRetry={result.refetch} />}
      {!result.data && !result.error && <Skeleton shape="grid" />}
      {empty && (
        <NoTitles browse={browse} onClear={() => void navigate({ search: {}, replace: true })} onUnfilter={() => change(noFilters)} />
      )}
      <VirtualGrid
        titles={items}
        rowId="wall"
        stale={result.isPlaceholderData}
        more={result.hasNextPage && !result.isFetchingNextPage}
        onMore={result.fetchNextPage}
      />
    </Page>
  );
}

function NoTitles({ browse, onClear, onUnfilter }: { browse: Browse; onClear: () => void; onUnfilter: () => void }) {
  const { t } = useViewerWords();
  if (!browse.q && (activeFilters(browse).length > 0 || browse.studio || browse.person)) {
    return (
      <Empty icon={<FilterX />} heading={t('filteredEmpty')} text={t('filteredEmptyText')}>
        <Button tone="primary" onClick={onUnfilter}>
          {t('clearFilters')}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty
      icon={<SearchX />}
      heading={browse.q ? t('noResult', { q: browse.q }) : t('emptyHome')}
      text={t(browse.q ? 'noResultText' : 'emptyHomeMember')}
    >
      <Button tone="primary" onClick={onClear}>
        {t('showAll')}
      </Button>
    </Empty>
  );
}
