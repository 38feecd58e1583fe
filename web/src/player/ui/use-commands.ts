import { type RefObject, useEffect, useRef, useState } from 'react';
import { type PlayerT, usePlayerT } from '../../i18n/namespaces';
import { device } from '../../lib/device';
import { isDir, isTyping, type Key, pushLayer } from '../../nav/keys';
import type { Player } from '../core/player';
import { type Command, commandOf, rateBeside } from '../core/shortcuts';
import type { Panel } from './panel';
import { toggleFullscreen, togglePictureInPicture } from './screen';
import type { ControlsVisibility } from './use-controls-visibility';

export type Run = (command: Command) => void;

interface Options {
  player: Player;
  root: RefObject<HTMLElement | null>;
  panel: Panel | undefined;
  setPanel: (panel: Panel | undefined) => void;
  visibility: ControlsVisibility;
  onClose: () => void;
  onNext?: () => void;
}

/** A short on-screen message about the last command. */
export interface Note {
  id: number;
  text: string;
}

/** Executes commands of keys, remotes and buttons. */
export function useCommands(options: Options): { run: Run; note: Note | undefined } {
  const t = usePlayerT();
  const [note, setNote] = useState<Note>();
  const run: Run = (command) => {
    const text = perform(command, options, t);
    if (text) setNote((old) => ({ id: (old?.id ?? 0) + 1, text }));
  };

  const latest = useRef({ options, run });
  latest.current = { options, run };

  useEffect(
    () =>
      pushLayer((key, event) => {
        const { options: now, run: act } = latest.current;
        return onKey(key, event, now, act);
      }),
    [],
  );
  return { run, note };
}

function onKey(key: Key | undefined, event: KeyboardEvent, options: Options, run: Run): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (key === 'back') return goBack(options);
  const { panel, visibility } = options;
  const tv = device() === 'tv';
  const wasHidden = !visibility.shown;
  visibility.show();
  // On a remote the first press only shows the controls, because the focused one is hidden until then.
  if (tv && wasHidden && (isDir(key) || key === 'ok')) return true;
  if (belongsToControl(key, event, panel !== undefined)) return false;
  const command = commandOf({ key, text: event.key, arrowsSeek: !tv && !panel });
  if (!command) return false;
  run(command);
  return true;
}

/** Closes the innermost layer: the panel, on a TV the controls, then the player. */
function goBack({ panel, setPanel, visibility, player, onClose }: Options): boolean {
  if (panel) setPanel(undefined);
  else if (device() === 'tv' && visibility.shown && player.snapshot().phase === 'playing') visibility.hide();
  else onClose();
  return true;
}

/** Arrows and presses inside a panel, typing, and a space on a focused button are not commands. */
function belongsToControl(key: Key | undefined, event: KeyboardEvent, inPanel: boolean): boolean {
  if (isTyping(event.target)) return true;
  const pressing = event.key === ' ' || key === 'ok';
  if (inPanel) return pressing || isDir(key);
  return pressing && event.target instanceof HTMLButtonElement && document.documentElement.dataset.input === 'keys';
}

/** Executes a command and returns a short message where its effect is not visible. */
function perform(command: Command, { player, root, panel, setPanel, onClose, onNext }: Options, t: PlayerT): string | undefined {
  const view = player.snapshot();
  const flip = (wanted: Panel) => setPanel(panel === wanted ? undefined : wanted);
  switch (command.do) {
    case 'toggle':
      player.toggle();
      return undefined;
    case 'play':
      player.play();
      return undefined;
    case 'pause':
      player.pause();
      return undefined;
    case 'seekBy':
      player.nudge(command.ms);
      return t(command.ms > 0 ? 'forwardBy' : 'backBy', { count: Math.abs(command.ms) / 1000 });
    case 'seekTo':
      player.seek(view.durationMs * command.share);
      return undefined;
    case 'volume':
      player.setVolume(view.volume + command.by);
      return t('volumeAt', { percent: Math.round(Math.min(1, Math.max(0, view.volume + command.by)) * 100) });
    case 'mute':
      player.toggleMute();
      return t(view.muted ? 'soundOn' : 'soundOff');
    case 'speed': {
      const rate = rateBeside(view.rate, command.by);
      player.setRate(rate);
      return `${rate}×`;
    }
    case 'frame':
      if (view.phase === 'playing') player.pause();
      player.seek(view.positionMs + command.by * 40);
      return undefined;
    case 'fullscreen':
      toggleFullscreen(root.current?.parentElement ?? null, player.video);
      return undefined;
    case 'pip':
      togglePictureInPicture(player.video);
      return undefined;
    case 'settings':
    case 'audio':
      flip('settings');
      return undefined;
    case 'stats':
    case 'help':
      flip(command.do);
      return undefined;
    case 'next':
      onNext?.();
      return undefined;
    case 'close':
      onClose();
      return undefined;
  }
}
