import type { Key } from '../../nav/keys';

/** Key bindings of the player, shared by the help panel and the key handler. */
export type Command =
  | { do: 'toggle' | 'play' | 'pause' | 'mute' | 'fullscreen' | 'settings' | 'audio' | 'stats' | 'help' | 'next' | 'close' | 'pip' }
  | { do: 'seekBy'; ms: number }
  | { do: 'seekTo'; share: number }
  | { do: 'volume'; by: number }
  | { do: 'speed'; by: 1 | -1 }
  | { do: 'frame'; by: 1 | -1 };

const remote: Partial<Record<Key, Command>> = {
  playpause: { do: 'toggle' },
  play: { do: 'play' },
  pause: { do: 'pause' },
  stop: { do: 'close' },
  rewind: { do: 'seekBy', ms: -10_000 },
  forward: { do: 'seekBy', ms: 10_000 },
  next: { do: 'next' },
};

const letters: Record<string, Command> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'seekBy', ms: -10_000 },
  l: { do: 'seekBy', ms: 10_000 },
  m: { do: 'mute' },
  f: { do: 'fullscreen' },
  a: { do: 'audio' },
  s: { do: 'settings' },
  n: { do: 'next' },
  p: { do: 'pip' },
  i: { do: 'stats' },
  '?': { do: 'help' },
  ',': { do: 'frame', by: -1 },
  '.': { do: 'frame', by: 1 },
  '<': { do: 'speed', by: -1 },
  '>': { do: 'speed', by: 1 },
};

/** Desktop only: on a TV the arrows move the focus. */
const arrows: Partial<Record<Key, Command>> = {
  left: { do: 'seekBy', ms: -10_000 },
  right: { do: 'seekBy', ms: 10_000 },
  up: { do: 'volume', by: 0.1 },
  down: { do: 'volume', by: -0.1 },
};

export interface Press {
  key: Key | undefined;
  text: string;
  /** arrow keys seek instead of moving the focus */ arrowsSeek: boolean;
}

export function commandOf({ key, text, arrowsSeek }: Press): Command | undefined {
  if (key && remote[key]) return remote[key];
  if (key && arrowsSeek && arrows[key]) return arrows[key];
  if (/^[0-9]$/.test(text)) return { do: 'seekTo', share: Number(text) / 10 };
  return letters[text.length === 1 ? text.toLowerCase() : text];
}

export const rates = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The next rate up or down the list, from any rate. */
export function rateBeside(rate: number, by: 1 | -1): number {
  const list = by > 0 ? rates : rates.slice().reverse();
  return list.find((one) => (by > 0 ? one > rate + 0.01 : one < rate - 0.01)) ?? rate;
}

/** How far one press moves while an arrow is held on the seek bar: 10 s, then 30 s, then a minute. */
export function heldStep(repeats: number): number {
  if (repeats < 8) return 10_000;
  return repeats < 24 ? 30_000 : 60_000;
}
