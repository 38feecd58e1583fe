import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Play, RotateCcw, X } from 'lucide-react';
import { server } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { TitleDetail } from '../../api/types';
import { useT } from '../../i18n';
import { clock } from '../../lib/time';
import { Button, ButtonLink } from '../../ui/Button';
import { Hero } from '../../ui/Hero';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { episodeTag } from '../../ui/words';
import { FileFacts } from './FileFacts';
import { Marks } from './Marks';
import { Preparing } from './Preparing';
import s from './TitlePage.module.css';

const route = getRouteApi('/shell/title/$id');

/** A movie or one episode. */
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
      <Hero title={title} isHeading low kicker={<SeriesLine title={title} />}>
        <PlayActions title={title} />
        <Marks title={title} />
      </Hero>
      <div className={s.below} data-nav="col">
        {title.overview && <p className={s.overview}>{title.overview}</p>}
        {title.encode && <Preparing encode={title.encode} />}
        {title.file && <FileFacts file={title.file} />}
      </div>
    </>
  );
}

function SeriesLine({ title }: { title: TitleDetail }) {
  if (title.kind !== 'episode' || !title.seriesName) return null;
  const tag = episodeTag(title);
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

function PlayActions({ title }: { title: TitleDetail }) {
  const t = useT();
  const forget = useMutation({
    mutationFn: () => server.forget(title.id),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['title', title.id] });
      void queryClient.invalidateQueries({ queryKey: ['home'] });
    },
  });
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
