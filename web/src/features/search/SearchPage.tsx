import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { queries } from '../../api/queries';
import { searchQueries } from '../../api/search';
import { useViewerWords } from '../../i18n/namespaces';
import { PosterCard } from '../../ui/Card';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { useDevice } from '../../ui/use-device';
import { Keyboard } from './Keyboard';
import { Results } from './Results';
import { SearchField } from './SearchField';
import { SearchHistory, useNotedSearch } from './SearchHistory';
import s from './SearchPage.module.css';

const route = getRouteApi('/shell/search');

/** The search page. The query is a URL search parameter, so Back and shared links repeat it. */
export function SearchPage() {
  const { t } = useViewerWords();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const tv = useDevice() === 'tv';
  const result = useQuery(searchQueries.found(q));
  useNotedSearch(q.trim());
  const ask = (words: string) => void navigate({ search: words === '' ? {} : { q: words }, replace: true });
  const { data, error } = result;
  const count = data ? t('results', { count: data.total + data.people.length + data.collections.length + data.genres.length }) : '';

  const answer = (
    <div className={s.answer} data-nav="col">
      <p className={s.unseen} role="status">
        {q === '' || result.isPlaceholderData ? '' : count}
      </p>
      {q === '' && <SearchStart onAsk={ask} />}
      {q !== '' && !data && (error ? <Failure error={error} onRetry={result.refetch} /> : <Skeleton shape="grid" />)}
      {q !== '' && data && <Results found={data} query={q} stale={result.isPlaceholderData} onAsk={ask} />}
    </div>
  );
  if (tv) {
    return (
      <Page title={t('search')} heading>
        <div className={s.beside} data-nav="row">
          <Keyboard value={q} onChange={ask} />
          {answer}
        </div>
      </Page>
    );
  }
  return (
    <Page title={t('search')} heading>
      <div className={s.tools} data-nav="col">
        <SearchField value={q} onChange={ask} />
      </div>
      {answer}
    </Page>
  );
}

/** Shown for an empty query: past searches and top-rated titles. */
function SearchStart({ onAsk }: { onAsk: (q: string) => void }) {
  const { t } = useViewerWords();
  const { data } = useInfiniteQuery(queries.titles({ sort: 'rating' }));
  const items = data?.pages[0]?.items.slice(0, 18) ?? [];
  return (
    <>
      <div className={s.tools} data-nav="col">
        <SearchHistory onChoose={onAsk} />
      </div>
      {items.length > 0 && (
        <section className={s.group} aria-label={t('popular')} data-nav="col">
          <h2 className={s.heading}>{t('popular')}</h2>
          <div className={s.grid} data-nav="grid" data-nav-remember="">
            {items.map((title) => (
              <PosterCard key={title.id} title={title} rowId="popular" />
            ))}
          </div>
        </section>
      )}
    </>
  );
}
