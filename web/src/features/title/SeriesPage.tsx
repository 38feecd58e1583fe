import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Check, Play } from 'lucide-react';
import type { CSSProperties } from 'react';
import { queries } from '../../api/queries';
import type { Season, TitleCard, TitleDetail } from '../../api/types';
import { useLanguage } from '../../i18n';
import { useViewerWords } from '../../i18n/namespaces';
import { palette } from '../../lib/colour';
import { ButtonLink } from '../../ui/Button';
import { day } from '../../ui/date-format';
import { Hero } from '../../ui/Hero';
import { Page } from '../../ui/Page';
import { Picture } from '../../ui/Picture';
import { Progress } from '../../ui/Progress';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { duration, episodeTag } from '../../ui/words';
import { About } from './About';
import { AdminActions } from './AdminActions';
import { Marks } from './Marks';
import { RelatedRows } from './RelatedRows';
import { SeasonChoice } from './SeasonChoice';
import s from './SeriesPage.module.css';
import { airsWords, shownIn, sizeWords, withSpecials } from './specials';
import { Trailer, Unreachable } from './TitlePage';

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

/** The selected season: that of the URL, else that of the next episode, else the first. */
function seasonOf(seasons: Season[], wanted: number | undefined, next: TitleCard | undefined): Season | undefined {
  const number = wanted ?? (next && shownIn(seasons, next));
  return seasons.find((season) => season.number === number) ?? seasons[0];
}

/** Specials are sorted last. */
function inOrder(seasons: Season[]): Season[] {
  return seasons.slice().sort((a, b) => Number(a.number === 0) - Number(b.number === 0) || a.number - b.number);
}

function Series({ title }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  const { season: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const seasons = inOrder(title.seasons ?? []);
  const episodes = seasons.flatMap((season) => season.episodes);
  const next = episodes.find((episode) => episode.id === title.nextEpisodeId) ?? episodes[0];
  const season = seasonOf(seasons, wanted, next);
  const facts = sizeWords(t, seasons);
  return (
    <>
      <Hero title={title} isHeading low facts={facts}>
        {next?.playable && !next.unreachable && (
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
        <Trailer title={title} />
        <Marks title={title} />
        <AdminActions title={title} />
      </Hero>
      <div className={s.below} data-nav="col">
        {title.unreachable && <Unreachable />}
        <About title={title} />
        {seasons.length > 1 && season && (
          <SeasonChoice
            seasons={seasons}
            chosen={season.number}
            onChoose={(number) => void navigate({ search: { season: number }, replace: true, resetScroll: false })}
          />
        )}
        <ol className={s.episodes} data-nav="col" data-nav-remember="">
          {season && withSpecials(seasons, season).map((episode) => <Episode key={episode.id} episode={episode} within={season.number} />)}
        </ol>
      </div>
      <RelatedRows title={title} />
    </>
  );
}

/** An episode past this share of its duration counts as watched. */
const seen = 0.95;

/** An episode in the list of a season; a special that airs in another one is shown there without its number. */
function Episode({ episode, within }: { episode: Season['episodes'][number]; within: number }) {
  const { t, language } = useLanguage();
  const words = useViewerWords();
  const { tint, deep } = palette(episode.color);
  const share = episode.positionMs && episode.durationMs ? episode.positionMs / episode.durationMs : 0;
  const ready = Math.floor(episode.readyPercent);
  const facts = [
    airsWords(words.t, episode),
    episode.durationMs ? duration(t, episode.durationMs) : '',
    episode.released ? day(language, Date.parse(`${episode.released}T12:00`)) : '',
    episode.unreachable ? t('diskAway') : episode.filling && ready < 100 ? t('preparing', { percent: ready }) : '',
  ];
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
          <h3 className={s.name}>{episode.episode && episode.season === within ? `${episode.episode}. ${episode.name}` : episode.name}</h3>
          <p className={s.meta}>{facts.filter(Boolean).join(' · ')}</p>
          {episode.overview && <p className={s.overview}>{episode.overview}</p>}
        </div>
        {(share >= seen || episode.watched) && <Check className={s.seen} aria-label={t('watched')} />}
      </Link>
    </li>
  );
}
