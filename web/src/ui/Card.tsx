import { Link } from '@tanstack/react-router';
import { Play, Unplug } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import type { TitleCard } from '../api/types';
import { useT } from '../i18n';
import { palette } from '../lib/colour';
import s from './Card.module.css';
import { Picture } from './Picture';
import { PosterArt } from './PosterArt';
import { Progress } from './Progress';
import { episodeTag, titleMeta } from './words';

interface Props {
  title: TitleCard;
  /** prefix of the focus ID: one title may be in several rows */ rowId: string;
  /** links to the player */ resumes?: boolean;
  /** replaces year and duration */ caption?: string;
}

function target({ id, kind }: TitleCard, resumes?: boolean) {
  if (resumes) return { to: '/watch/$id', params: { id } } as const;
  return { to: kind === 'series' ? '/series/$id' : '/title/$id', params: { id } } as const;
}

/** A 16:9 card of a row: still, name, and watch or encoding progress. */
export const Card = memo(function Card({ title, rowId, resumes, caption }: Props) {
  const t = useT();
  const { tint, deep } = palette(title.color);
  const wide = title.landscape ?? title.still ?? title.backdrop;
  const watched = title.positionMs && title.durationMs ? (title.positionMs / title.durationMs) * 100 : 0;
  const heading = title.kind === 'episode' ? (title.seriesName ?? title.name) : title.name;
  const under = caption ?? (title.kind === 'episode' ? `${episodeTag(title)} · ${title.name}` : titleMeta(t, title));
  return (
    <Link {...target(title, resumes)} className={s.card} data-focus-id={`${rowId}/${title.id}`}>
      <div className={s.wide} style={{ '--tint': tint, '--deep': deep } as CSSProperties}>
        {wide ? (
          <Picture url={wide} width={480} />
        ) : (
          <span className={s.initial} aria-hidden="true">
            {heading.slice(0, 1)}
          </span>
        )}
        {resumes && (
          <span className={s.play}>
            <Play fill="currentColor" />
          </span>
        )}
        <Badge title={title} />
        {watched > 0 && (
          <div className={s.progress}>
            <Progress percent={watched} label={t('watched')} />
          </div>
        )}
      </div>
      <div className={s.name}>{heading}</div>
      <div className={s.caption}>{under}</div>
    </Link>
  );
});

/** A 2:3 card of a poster grid. */
export const PosterCard = memo(function PosterCard({ title, rowId }: Props) {
  const t = useT();
  return (
    <Link {...target(title)} className={s.card} data-focus-id={`${rowId}/${title.id}`}>
      <span className={s.unseen}>
        {title.name}, {titleMeta(t, title)}
      </span>
      <div className={s.tall}>
        <PosterArt {...title} />
        <Badge title={title} />
      </div>
    </Link>
  );
});

function Badge({ title }: { title: TitleCard }) {
  const t = useT();
  if (title.kind === 'series') return null;
  if (title.unreachable) return <Unplug className={s.away} aria-label={t('diskAway')} />;
  if (!title.playable) return <span className={s.badge}>{t('notReady')}</span>;
  return title.filling && title.readyPercent < 100 ? <span className={s.badge}>{Math.floor(title.readyPercent)} %</span> : null;
}
