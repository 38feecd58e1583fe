import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Clapperboard, FileWarning, Play, RotateCcw, Unplug, X } from 'lucide-react';
import { server } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { TitleDetail, TitleFile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { clock } from '../../lib/time';
import { Button, ButtonLink } from '../../ui/Button';
import { Hero } from '../../ui/Hero';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { episodeTag } from '../../ui/words';
import { About } from './About';
import { AdminActions } from './AdminActions';
import { extraWords } from './extra-words';
import { FileFacts } from './FileFacts';
import { Marks } from './Marks';
import { PlaysHere } from './PlaysHere';
import { Preparing } from './Preparing';
import { RelatedRows } from './RelatedRows';
import { airsWords } from './specials';
import s from './TitlePage.module.css';
import { Versions } from './Versions';

const route = getRouteApi('/shell/title/$id');

/** A movie, one episode or an extra. */
export function TitlePage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(queries.title(id));
  if (data?.kind === 'series') return <Navigate to="/series/$id" params={{ id }} replace />;
  return (
    <Page title={data?.name ?? ''} busy={!data && !error}>
      {data ? <Title title={data} /> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="hero" />}
    </Page>
  );
}

function Title({ title }: { title: TitleDetail }) {
  return (
    <>
      <Hero title={title} isHeading low kicker={<Kicker title={title} />}>
        <PlayActions title={title} />
        <Trailer title={title} />
        <Marks title={title} />
        <AdminActions title={title} />
      </Hero>
      <div className={s.below} data-nav="col">
        {title.unreachable && <Unreachable />}
        {title.file?.damage && <Damaged damage={title.file.damage} />}
        {title.file && title.playable && !title.unreachable && (
          <p className={s.plays}>
            <PlaysHere titleId={title.id} />
          </p>
        )}
        <About title={title} />
        {title.encode && <Preparing encode={title.encode} filling={title.filling} />}
        <Versions title={title} />
      </div>
      <RelatedRows title={title} />
      <div className={s.below} data-nav="col">
        {title.file && <FileFacts file={title.file} />}
      </div>
    </>
  );
}

/** Explains that the title's disk is unreachable. */
export function Unreachable() {
  const { t } = useViewerWords();
  return (
    <p className={s.away} role="status">
      <Unplug aria-hidden="true" />
      {t('unreachable')}
    </p>
  );
}

/** Says that the file of the title plays up to where its contents end, and not to the film's end. */
function Damaged({ damage }: { damage: NonNullable<TitleFile['damage']> }) {
  const { t } = useViewerWords();
  return (
    <p className={s.away} role="status">
      <FileWarning aria-hidden="true" />
      {t(`damaged_${damage}`)}
    </p>
  );
}

function Kicker({ title }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  if (title.kind === 'extra') return extraWords(t, title);
  if (title.kind !== 'episode' || !title.seriesName) return null;
  const tag = [episodeTag(title), airsWords(t, title)].filter(Boolean).join(' · ');
  if (!title.seriesId) return `${title.seriesName} · ${tag}`;
  return (
    <>
      <Link to="/series/$id" params={{ id: title.seriesId }} search={{ season: title.season }} className={s.series}>
        {title.seriesName}
      </Link>{' '}
      · {tag}
    </>
  );
}

/** The first trailer of a title, right beside Play. */
export function Trailer({ title }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  const trailer = title.extras?.find(({ extra, playable }) => extra === 'trailer' && playable);
  if (!trailer) return null;
  return (
    <ButtonLink to="/watch/$id" params={{ id: trailer.id }} icon={<Clapperboard />} data-focus-id="trailer">
      {t('playTrailer')}
    </ButtonLink>
  );
}

function PlayActions({ title }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  const forget = useMutation({
    mutationFn: () => server.forget(title.id),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['title', title.id] });
      void queryClient.invalidateQueries({ queryKey: ['home'] });
    },
  });
  if (title.unreachable) return null;
  if (!title.playable) return <p className={s.unplayable}>{t('notPlayable')}</p>;
  const link = { to: '/watch/$id', params: { id: title.id } } as const;
  if (!title.positionMs) {
    return (
      <ButtonLink {...link} tone="primary" icon={<Play fill="currentColor" />} data-nav-default="" data-focus-id="play">
        {t('play')}
      </ButtonLink>
    );
  }
  return (
    <>
      <ButtonLink {...link} tone="primary" icon={<Play fill="currentColor" />} data-nav-default="" data-focus-id="play">
        {t('resumeAt', { time: clock(title.positionMs) })}
      </ButtonLink>
      <ButtonLink {...link} search={{ start: 0 }} icon={<RotateCcw />} data-focus-id="again">
        {t('startOver')}
      </ButtonLink>
      <Button tone="bare" icon={<X />} busy={forget.isPending} onClick={() => forget.mutate()}>
        {t('forget')}
      </Button>
    </>
  );
}
