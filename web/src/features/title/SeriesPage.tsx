import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Check, Play } from 'lucide-react';
import type { CSSProperties } from 'react';
import { queries } from '../../api/queries';
import type { Season, TitleCard, TitleDetail } from '../../api/types';
import { useT } from '../../i18n';
import { palette } from '../../lib/colour';
import { ButtonLink } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Hero } from '../../ui/Hero';
import { Page } from '../../ui/Page';
import { Picture } from '../../ui/Picture';
import { Progress } from '../../ui/Progress';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { duration, episodeTag } from '../../ui/words';
import { Marks } from './Marks';
import s from './SeriesPage.module.css';

const route = getRouteApi('/shell/series/$id');

export function SeriesPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(queries.title(id));
  if (data && data.kind !== 'series') return <Navigate to="/title/$id" params={{ id }} replace />;
  return (
    <Page title={data?.name ?? ''} busy={!data && !error}>
      {data ? <Series title={data} /> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="hero" />}
    </Page>
  );
}

/** The season in view: the one asked for, else the one of the next episode, else the first. */
function seasonOf(seasons: Season[], wanted: number | undefined, next: TitleCard | undefined): Season | undefined {
  const number = wanted ?? next?.season;
  return seasons.find((season) => season.number === number) ?? seasons[0];
}

function Series({ title }: { title: TitleDetail }) {
  const t = useT();
  const { season: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const seasons = title.seasons ?? [];
  const episodes = seasons.flatMap((season) => season.episodes);
  const next = episodes.find((episode) => episode.id === title.nextEpisodeId) ?? episodes[0];
  const season = seasonOf(seasons, wanted, next);
  const facts = [t('seasons', { count: seasons.length }), t('episodes', { count: episodes.length })];
  return (
    <>
      <Hero title={title} isHeading low facts={facts} blurb={title.overview}>
        {next?.playable && (
          <ButtonLink
            to="/watch/$id"
            params={{ id: next.id }}
            tone="primary"
            icon={<Play fill="currentColor" />}
            data-nav-default=""
            data-focus-id="play"
          >
            {t(next.positionMs ? 'resumeEpisode' : 'playEpisode', { tag: episodeTag(next) })}
          </ButtonLink>
        )}
        <Marks title={title} />
      </Hero>
      <div className={s.below} data-nav="col">
        {seasons.length > 1 && season && (
          <Choice
            label={t('season')}
            value={String(season.number)}
            options={seasons.map(({ number }) => ({
              value: String(number),
              label: number === 0 ? t('specials') : t('seasonNumber', { number }),
            }))}
            onChange={(number) => void navigate({ search: { season: Number(number) }, replace: true, resetScroll: false })}
          />
        )}
        <ol className={s.episodes} data-nav="col" data-nav-remember="">
          {season?.episodes.map((episode) => (
            <Episode key={episode.id} episode={episode} />
          ))}
        </ol>
      </div>
    </>
  );
}

/** Past this share an episode counts as seen. */
const seen = 0.95;

function Episode({ episode }: { episode: TitleCard }) {
  const t = useT();
  const { tint, deep } = palette(episode.color);
  const share = episode.positionMs && episode.durationMs ? episode.positionMs / episode.durationMs : 0;
  const ready = Math.floor(episode.readyPercent);
  return (
    <li>
      <Link to="/title/$id" params={{ id: episode.id }} className={s.episode} data-nav-line="" data-focus-id={`episode/${episode.id}`}>
        <div className={s.still} style={{ background: `linear-gradient(150deg, ${tint}, ${deep})` } as CSSProperties}>
          {episode.still && <Picture url={episode.still} width={480} />}
          {share > 0 && share < seen && (
            <div className={s.progress}>
              <Progress percent={share * 100} label={t('watched')} />
            </div>
          )}
        </div>
        <div className={s.text}>
          <h3 className={s.name}>
            {episode.episode}. {episode.name}
          </h3>
          <p className={s.meta}>
            {episode.durationMs ? duration(t, episode.durationMs) : ''}
            {ready < 100 && ` · ${t('preparing', { percent: ready })}`}
          </p>
        </div>
        {share >= seen && <Check className={s.seen} aria-label={t('watched')} />}
      </Link>
    </li>
  );
}
