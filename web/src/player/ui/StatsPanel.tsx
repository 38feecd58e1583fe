import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PlaySession } from '../../api/types';
import { usePlayerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import type { Player, View } from '../core/player';
import { Sheet } from './Sheet';
import s from './StatsPanel.module.css';

interface Props {
  player: Player;
  view: View;
  session: PlaySession;
  onClose: () => void;
}

/** Playback statistics for bug reports. */
export function StatsPanel({ player, view, session, onClose }: Props) {
  const { t, language } = usePlayerWords();
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, []);

  const level = view.levels.all[view.levels.current];
  const { codecs, bandwidth } = player.engineStats();
  const frames = player.video.getVideoPlaybackQuality?.();
  const megabits = (bits: number) => `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(bits / 1e6)} Mb/s`;
  const rows: [string, string][] = [
    [t('statEngine'), player.engineName],
    [t('quality'), level ? `${level.height}p · ${megabits(level.bitrate)}` : '–'],
    [t('statPicture'), `${player.video.videoWidth} × ${player.video.videoHeight}`],
    [t('statCodecs'), codecs || '–'],
    [t('statFrames'), frames ? t('statFramesOf', { dropped: frames.droppedVideoFrames, total: frames.totalVideoFrames }) : '–'],
    [t('statBuffer'), `${((view.bufferedMs - view.positionMs) / 1000).toFixed(1)} s`],
    [t('statBandwidth'), bandwidth ? megabits(bandwidth) : '–'],
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
