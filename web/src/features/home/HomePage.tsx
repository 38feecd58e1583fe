import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, FolderPlus, Info, Play } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { queries } from '../../api/queries';
import type { Home, HomeRow } from '../../api/types';
import { type Key, loadNamespace, useT } from '../../i18n';
import { viewerNamespace } from '../../i18n/namespaces';
import { ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Hero } from '../../ui/Hero';
import { Page } from '../../ui/Page';
import { Row } from '../../ui/Row';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import { episodeTag } from '../../ui/words';
import s from './HomePage.module.css';

/** Channels load after the first screen, because most servers have none. */
const Channels = lazy(async () => {
  const [{ Channels: component }] = await Promise.all([import('./Channels'), loadNamespace(viewerNamespace)]);
  return { default: component };
});

export function HomePage() {
  const t = useT();
  const { data, error, refetch } = useQuery(queries.home);
  return (
    <Page title="" busy={!data && !error}>
      {data ? <Rows home={data} /> : error ? <Failure error={error} onRetry={refetch} /> : <HomeSkeleton />}
      {!data?.hero && <h1 className={s.unseen}>{t('home')}</h1>}
    </Page>
  );
}

function HomeSkeleton() {
  return (
    <>
      <Skeleton shape="hero" />
      <Skeleton shape="row" count={2} />
    </>
  );
}

function Rows({ home: { hero, rows } }: { home: Home }) {
  const t = useT();
  if (!hero && rows.length === 0) return <Nothing />;
  return (
    <>
      {hero && (
        <Hero title={hero} isHeading kicker={hero.seriesName && `${hero.seriesName} · ${episodeTag(hero)}`}>
          {hero.kind !== 'series' && hero.playable && (
            <ButtonLink
              to="/watch/$id"
              params={{ id: hero.id }}
              tone="primary"
              icon={<Play fill="currentColor" />}
              data-nav-default=""
              data-focus-id="hero/play"
            >
              {t(hero.positionMs ? 'resume' : 'play')}
            </ButtonLink>
          )}
          <ButtonLink
            to={hero.kind === 'series' ? '/series/$id' : '/title/$id'}
            params={{ id: hero.id }}
            icon={<Info />}
            data-focus-id="hero/info"
          >
            {t('moreInfo')}
          </ButtonLink>
        </Hero>
      )}
      <div className={s.rows} data-nav="col">
        {rows.map((row) => (
          <HomeRowView key={row.id} row={row} />
        ))}
        {rows.some(({ id }) => id.startsWith('channel:')) && (
          <Suspense fallback={null}>
            <Channels />
          </Suspense>
        )}
      </div>
    </>
  );
}

const rowNames: Record<string, Key> = { continue: 'rowContinue', new: 'rowNew', movies: 'movies', series: 'series' };

/** The link target of a row: rows of channels and genres carry their ID behind a colon. */
function wholeOf(row: string) {
  const [kind, id = ''] = row.split(':');
  if (kind === 'channel') return { to: '/collection/$id', params: { id } } as const;
  if (kind === 'genre') return { to: '/browse', search: { genre: id } } as const;
  return { to: '/browse', search: { kind: row === 'movies' ? 'movie' : row === 'series' ? 'series' : undefined } } as const;
}

function HomeRowView({ row: { id, name, items } }: { row: HomeRow }) {
  const t = useT();
  const words = rowNames[id];
  const more =
    id === 'continue' ? undefined : (
      <Link {...wholeOf(id)} className={s.more} data-nav-skip="">
        {t('seeAll')}
        <ChevronRight aria-hidden="true" />
      </Link>
    );
  return (
    <Row title={name || (words ? t(words) : '')} more={more}>
      {items.map((title) => (
        <Card key={title.id} title={title} rowId={id} resumes={id === 'continue'} />
      ))}
    </Row>
  );
}

function Nothing() {
  const t = useT();
  const { data } = useQuery(queries.bootstrap);
  const member = data?.account?.role === 'member';
  return (
    <Empty icon={<FolderPlus />} heading={t('emptyHome')} text={t(member ? 'emptyHomeMember' : 'emptyHomeAdmin')}>
      {!member && (
        <ButtonLink to="/admin" tone="primary" data-nav-default="">
          {t('openLibrary')}
        </ButtonLink>
      )}
    </Empty>
  );
}
