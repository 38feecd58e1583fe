import { Play, RotateCcw } from 'lucide-react';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import type { TitleCard } from '../../api/types';
import { usePlayerT } from '../../i18n/namespaces';
import { palette } from '../../lib/colour';
import { Button } from '../../ui/Button';
import { Picture } from '../../ui/Picture';
import { episodeTag } from '../../ui/words';
import s from './EndCard.module.css';

interface Props {
  next?: TitleCard;
  /** start the next episode after the countdown */ autoplay: boolean;
  onNext: (titleId: string) => void;
  onReplay: () => void;
  onClose: () => void;
}

/** Seconds of the autoplay countdown. */
const patience = 10;

/** Shown at the end: the next episode, with a cancellable countdown if the profile has autoplay on, replay, or close. */
export function EndCard({ next, autoplay: goesOn, onNext, onReplay: onAgain, onClose }: Props) {
  const t = usePlayerT();
  const [left, setLeft] = useState<number | undefined>(next && goesOn ? patience : undefined);
  const go = useRef(onNext);
  go.current = onNext;
  const nextId = next?.id;

  useEffect(() => {
    if (left === undefined || nextId === undefined) return;
    if (left === 0) return go.current(nextId);
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left, nextId]);

  return (
    <div className={s.end} style={next && ({ '--tint': palette(next.color).deep } as CSSProperties)} data-nav="col" data-testid="end">
      {next ? (
        <>
          {next.still && (
            <div className={s.still}>
              <Picture url={next.still} width={480} eager />
            </div>
          )}
          <p className={s.kicker}>{left === undefined ? t('nextEpisode') : t('nextIn', { count: left })}</p>
          <h2 className={s.name}>
            {episodeTag(next)} · {next.name}
          </h2>
        </>
      ) : (
        <h2 className={s.name}>{t('theEnd')}</h2>
      )}
      <div className={s.actions} data-nav="row">
        {next && (
          <Button tone="primary" icon={<Play fill="currentColor" />} onClick={() => onNext(next.id)} data-nav-default="">
            {t('playNow')}
          </Button>
        )}
        {left !== undefined && <Button onClick={() => setLeft(undefined)}>{t('cancel')}</Button>}
        <Button icon={<RotateCcw />} onClick={onAgain} data-nav-default={next ? undefined : ''}>
          {t('playAgain')}
        </Button>
        <Button onClick={onClose}>{t('back')}</Button>
      </div>
    </div>
  );
}
