import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PlaySession } from '../../api/types';
import { usePlayerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { useWayWords } from '../../ui/way-words';
import type { Player, View } from '../core/player';
import { megabits } from './bit-rate';
import { Sheet } from './Sheet';
import s from './StatsPanel.module.css';

interface Props {
  player: Player;
  view: View;
  session: PlaySession;
  onClose: () => void;
}

/** "Original · 1080p · 8.2 Mb/s", or the rung that is shown. */
function streamOf({ way, original, levels }: View, word: string, language: string): string {
  if (way.kind === 'original' && original) return `${word} · ${original.name} · ${megabits(language, original.averageBps)}`;
  const level = levels.all[levels.current];
  return level ? `${level.height}p · ${megabits(language, level.bitrate)}` : '–';
}

/** Playback statistics for bug reports. */
export function StatsPanel({ player, view, session, onClose }: Props) {
  const { t, language } = usePlayerWords();
  const ways = useWayWords();
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, []);

  const { codecs, bandwidth } = player.engineStats();
  const frames = player.video.getVideoPlaybackQuality?.();
  const rows: [string, string][] = [
    [t('statEngine'), player.engineName],
    [t('statStream'), streamOf(view, t('original'), language)],
    [t('statWay'), ways?.why(view.way) ?? '–'],
    [t('statPicture'), `${player.video.videoWidth} × ${player.video.videoHeight}`],
    [t('statCodecs'), codecs || '–'],
    [t('statFrames'), frames ? t('statFramesOf', { dropped: frames.droppedVideoFrames, total: frames.totalVideoFrames }) : '–'],
    [t('statBuffer'), `${((view.bufferedMs - view.positionMs) / 1000).toFixed(1)} s`],
    [t('statBandwidth'), bandwidth ? megabits(language, bandwidth) : '–'],
    [t('statSession'), session.id],
  ];
  const text = rows.map(([name, value]) => `${name}: ${value}`).join('\n');
  return (
    <Sheet title={t('stats')} onClose={onClose}>
      <dl className={s.rows} data-testid="stats">
        {rows.map(([name, value]) => (
          <div key={name} className={s.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {/* The Clipboard API needs a secure origin, so it is missing on a plain LAN address. */}
      {navigator.clipboard && (
        <Button small icon={<Copy />} onClick={() => void navigator.clipboard.writeText(text)}>
          {t('copy')}
        </Button>
      )}
    </Sheet>
  );
}
