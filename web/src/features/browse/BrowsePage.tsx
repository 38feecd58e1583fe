import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Search, SearchX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { queries } from '../../api/queries';
import { type T, useT } from '../../i18n';
import { device } from '../../lib/device';
import { Button } from '../../ui/Button';
import { PosterCard } from '../../ui/Card';
import { Choice } from '../../ui/Choice';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import s from './BrowsePage.module.css';
import { SearchHistory, useNotedSearch } from './SearchHistory';

const route = getRouteApi('/shell/browse');

type KindChoice = 'all' | 'movie' | 'series';

function headingOf(t: T, kind: string | undefined): string {
  if (kind === 'movie') return t('movies');
  return t(kind === 'series' ? 'series' : 'allTitles');
}

/** The wall of posters. What is shown lives in the address, so Back and a shared link bring the same wall. */
export function BrowsePage() {
  const t = useT();
  const browse = route.useSearch();
  const navigate = route.useNavigate();
  const result = useInfiniteQuery(queries.titles(browse));
  useNotedSearch(browse.q);
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const total = result.data?.pages[0]?.total ?? 0;
  const empty = result.data && items.length === 0;

  return (
    <Page title={headingOf(t, browse.kind)} heading busy={!result.data && !result.error}>
      <div className={s.tools} data-nav="col">
        <SearchBox
          value={browse.q ?? ''}
          onChange={(q) => void navigate({ search: (old) => ({ ...old, q: q || undefined }), replace: true })}
        />
        {!browse.q && <SearchHistory onChoose={(q) => void navigate({ search: (old) => ({ ...old, q }), replace: true })} />}
        <div className={s.choices} data-nav="row">
          <Choice<KindChoice>
            label={t('kind')}
            value={browse.kind ?? 'all'}
            options={[
              { value: 'all', label: t('all') },
              { value: 'movie', label: t('movies') },
              { value: 'series', label: t('series') },
            ]}
            onChange={(kind) => void navigate({ search: (old) => ({ ...old, kind: kind === 'all' ? undefined : kind }), replace: true })}
          />
          <Choice
            label={t('sort')}
            value={browse.sort ?? 'added'}
            options={[
              { value: 'added', label: t('sortAdded') },
              { value: 'title', label: t('sortTitle') },
              { value: 'year', label: t('sortYear') },
            ]}
            onChange={(sort) => void navigate({ search: (old) => ({ ...old, sort }), replace: true })}
          />
        </div>
        <p className={s.count} aria-live="polite">
          {result.data ? t('titles', { count: total }) : ' '}
        </p>
      </div>
      {!result.data && result.error && <Failure error={result.error} onRetry={result.refetch} />}
      {!result.data && !result.error && <Skeleton shape="wall" />}
      {empty && <NoTitles searched={browse.q} onClear={() => void navigate({ search: {}, replace: true })} />}
      <div className={s.wall} data-nav="grid" data-nav-remember="" data-stale={result.isPlaceholderData || undefined}>
        {items.map((title) => (
          <PosterCard key={title.id} title={title} place="wall" />
        ))}
      </div>
      <More wanted={result.hasNextPage && !result.isFetchingNextPage} onReach={result.fetchNextPage} />
    </Page>
  );
}

function NoTitles({ searched, onClear }: { searched?: string; onClear: () => void }) {
  const t = useT();
  return (
    <Empty
      icon={<SearchX />}
      heading={searched ? t('noResult', { q: searched }) : t('emptyHome')}
      text={t(searched ? 'noResultText' : 'emptyHomeMember')}
    >
      <Button tone="primary" onClick={onClear}>
        {t('showAll')}
      </Button>
    </Empty>
  );
}

/** How long typing may pause before the wall follows, in milliseconds. */
const settle = 200;

function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const t = useT();
  const [text, setText] = useState(value);
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => tell.current(text.trim()), settle);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label className={s.search}>
      <Search aria-hidden="true" />
      <input
        type="search"
        value={text}
        placeholder={t('searchHint')}
        aria-label={t('search')}
        autoComplete="off"
        enterKeyHint="search"
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

/** Asks for the next page two screens before the end comes into sight. */
function More({ wanted, onReach }: { wanted: boolean; onReach: () => unknown }) {
  const mark = useRef<HTMLDivElement>(null);
  const reach = useRef(onReach);
  reach.current = onReach;
  useEffect(() => {
    if (!wanted || !mark.current) return;
    const screens = device() === 'tv' ? 3 : 2;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && reach.current(), {
      rootMargin: `${screens * 100}% 0px`,
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [wanted]);
  return <div ref={mark} />;
}
