import {
  ArrowLeft,
  Keyboard,
  Maximize,
  Pause,
  PictureInPicture2,
  Play,
  RotateCcw,
  RotateCw,
  Settings,
  SkipForward,
  Volume1,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { PlaySession } from '../../api/types';
import { usePlayerT } from '../../i18n/namespaces';
import { clock } from '../../lib/time';
import { names } from '../../ui/class-names';
import { useDevice } from '../../ui/use-device';
import { episodeTag } from '../../ui/words';
import type { Player, View } from '../core/player';
import s from './Controls.module.css';
import type { Panel } from './panel';
import { SeekBar } from './SeekBar';
import { canPictureInPicture } from './screen';
import type { Run } from './use-commands';

interface Props {
  player: Player;
  view: View;
  session: PlaySession;
  run: Run;
  panel: Panel | undefined;
  hidden: boolean;
  onClose: () => void;
}

export function Controls({ player, view, session, run, panel, hidden, onClose }: Props) {
  const t = usePlayerT();
  const device = useDevice();
  const { title, next } = session;
  const subtitle = title.kind === 'episode' ? [title.seriesName, episodeTag(title)].filter(Boolean).join(' · ') : '';
  return (
    <div className={names(s.controls, hidden && s.hidden)} data-nav={panel ? undefined : 'col'}>
      <div className={s.head} data-nav="row">
        <Icon label={t('back')} onPress={onClose} icon={<ArrowLeft />} />
        <div className={s.title}>
          <p className={s.name}>{title.name}</p>
          {subtitle && <p className={s.subtitle}>{subtitle}</p>}
        </div>
      </div>
      <div className={s.foot} data-nav="col">
        <SeekBar player={player} view={view} />
        <div className={s.buttons} data-nav="row">
          <Transport view={view} run={run} />
          {device === 'desktop' && <Volume player={player} view={view} run={run} />}
          <Clock view={view} />
          <span className={s.space} />
          {next && <Icon label={t('nextEpisode')} onPress={() => run({ do: 'next' })} icon={<SkipForward />} />}
          {device === 'desktop' && <Icon label={t('keyboardHelp')} onPress={() => run({ do: 'help' })} icon={<Keyboard />} extra />}
          <Icon
            label={t('settings')}
            onPress={() => run({ do: 'settings' })}
            icon={<Settings />}
            id="player-settings"
            expanded={panel === 'settings'}
          />
          {device !== 'tv' && canPictureInPicture() && (
            <Icon label={t('pip')} onPress={() => run({ do: 'pip' })} icon={<PictureInPicture2 />} extra />
          )}
          {device !== 'tv' && <Icon label={t('fullscreen')} onPress={() => run({ do: 'fullscreen' })} icon={<Maximize />} />}
        </div>
      </div>
    </div>
  );
}

function Transport({ view, run }: { view: View; run: Run }) {
  const t = usePlayerT();
  const playing = view.wantsPlay && view.phase !== 'ended';
  return (
    <div className={s.transport} data-nav="row">
      <Icon
        label={t(playing ? 'pause' : 'play')}
        onPress={() => run({ do: 'toggle' })}
        icon={playing ? <Pause fill="currentColor" strokeWidth={0} /> : <Play fill="currentColor" strokeWidth={0} />}
        main
      />
      <Icon
        label={t('backBy', { count: 10 })}
        onPress={() => run({ do: 'seekBy', ms: -10_000 })}
        icon={<Ten icon={<RotateCcw />} />}
        before
      />
      <Icon label={t('forwardBy', { count: 10 })} onPress={() => run({ do: 'seekBy', ms: 10_000 })} icon={<Ten icon={<RotateCw />} />} />
    </div>
  );
}

function Ten({ icon }: { icon: ReactNode }) {
  return (
    <span className={s.ten}>
      {icon}
      <span aria-hidden="true">10</span>
    </span>
  );
}

function Volume({ player, view, run }: { player: Player; view: View; run: Run }) {
  const t = usePlayerT();
  const silent = view.muted || view.volume === 0;
  return (
    <div className={s.volume} data-nav="row">
      <Icon
        label={t(silent ? 'unmute' : 'mute')}
        onPress={() => run({ do: 'mute' })}
        icon={silent ? <VolumeX /> : view.volume < 0.5 ? <Volume1 /> : <Volume2 />}
      />
      <input
        type="range"
        className={s.level}
        min={0}
        max={1}
        step={0.05}
        value={silent ? 0 : view.volume}
        aria-label={t('volume')}
        tabIndex={-1}
        onChange={(event) => player.setVolume(Number(event.target.value))}
      />
    </div>
  );
}

/** Position and duration; a click switches to the remaining time. */
function Clock({ view }: { view: View }) {
  const t = usePlayerT();
  const [left, setLeft] = useState(false);
  const at = view.pendingMs ?? view.positionMs;
  return (
    <button type="button" className={s.clock} title={t(left ? 'timeLeft' : 'timePlayed')} onClick={() => setLeft(!left)} data-nav-skip="">
      {left ? `−${clock(view.durationMs - at)}` : clock(at)} <span>/ {clock(view.durationMs)}</span>
    </button>
  );
}

interface IconProps {
  label: string;
  icon: ReactNode;
  onPress: () => void;
  id?: string;
  /** primary button with a background, focused first */ main?: boolean;
  /** hidden on narrow screens */ extra?: boolean;
  /** placed before the main button on phones */ before?: boolean;
  expanded?: boolean;
}

function Icon({ label, icon, onPress, id, main, extra, before, expanded }: IconProps) {
  return (
    <button
      type="button"
      id={id}
      className={names(s.icon, main && s.main, extra && s.extra, before && s.before)}
      aria-label={label}
      title={label}
      aria-expanded={expanded}
      data-nav-default={main ? '' : undefined}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}
