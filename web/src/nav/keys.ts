/**
 * One table for keyboards and remotes, and one router that hands each key to the innermost layer that wants it.
 * Old TVs send an empty `key`, so the numeric code is looked up when the name says nothing.
 */
export type Dir = 'left' | 'right' | 'up' | 'down';
export type Key =
  | Dir
  | 'ok'
  | 'back'
  | 'exit'
  | 'play'
  | 'pause'
  | 'playpause'
  | 'stop'
  | 'rewind'
  | 'forward'
  | 'previous'
  | 'next'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue';

const byName: Record<string, Key> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Enter: 'ok',
  Escape: 'back',
  GoBack: 'back',
  BrowserBack: 'back',
  XF86Back: 'back',
  MediaPlay: 'play',
  MediaPause: 'pause',
  MediaPlayPause: 'playpause',
  MediaStop: 'stop',
  MediaRewind: 'rewind',
  MediaFastForward: 'forward',
  MediaTrackPrevious: 'previous',
  MediaTrackNext: 'next',
};

// webOS 461, Tizen 10009 and 10182, Xbox 195–214; the rest are shared by several makers.
const byCode: Record<number, Key> = {
  13: 'ok',
  19: 'pause',
  27: 'back',
  37: 'left',
  38: 'up',
  39: 'right',
  40: 'down',
  166: 'back',
  176: 'next',
  177: 'previous',
  179: 'playpause',
  195: 'ok',
  196: 'back',
  203: 'up',
  204: 'down',
  205: 'left',
  206: 'right',
  211: 'up',
  212: 'down',
  213: 'right',
  214: 'left',
  227: 'rewind',
  228: 'forward',
  403: 'red',
  404: 'green',
  405: 'yellow',
  406: 'blue',
  412: 'rewind',
  413: 'stop',
  415: 'play',
  417: 'forward',
  461: 'back',
  10009: 'back',
  10182: 'exit',
  10232: 'previous',
  10233: 'next',
  10252: 'playpause',
};

export function keyOf(event: Pick<KeyboardEvent, 'key' | 'keyCode'>): Key | undefined {
  return byName[event.key] ?? byCode[event.keyCode];
}

export function isDir(key: Key | undefined): key is Dir {
  return key === 'left' || key === 'right' || key === 'up' || key === 'down';
}

/** True when the event comes from a field that needs the key itself. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type);
}

/** A layer's handler: true means the key was used and goes no further. */
export type Layer = (key: Key | undefined, event: KeyboardEvent) => boolean;

const layers: Layer[] = [];

/** Pushes a layer (a page, a panel, a dialog); the returned function removes it. */
export function pushLayer(layer: Layer): () => void {
  layers.push(layer);
  return () => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
  };
}

export interface Actions {
  move(dir: Dir): boolean;
  back(): void;
}

/** Listens on the window; returns the function that stops listening. Called once, when the app starts. */
export function installKeys(actions: Actions): () => void {
  const root = document.documentElement;

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const key = keyOf(event);
    if (key || event.key === 'Tab') root.dataset.input = 'keys';
    for (let at = layers.length - 1; at >= 0; at -= 1) {
      if (!layers[at]?.(key, event)) continue;
      event.preventDefault();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (fallback(key, event, actions)) event.preventDefault();
  };

  const onPointer = (event: MouseEvent | TouchEvent) => {
    // Some TVs send synthetic mouse events that do not move.
    if ('movementX' in event && event.movementX === 0 && event.movementY === 0) return;
    root.dataset.input = 'pointer';
  };

  window.addEventListener('keydown', onKey);
  window.addEventListener('mousemove', onPointer, { passive: true });
  window.addEventListener('touchstart', onPointer, { passive: true });
  return () => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('mousemove', onPointer);
    window.removeEventListener('touchstart', onPointer);
  };
}

/** Default action of a key that no layer handled. */
function fallback(key: Key | undefined, event: KeyboardEvent, actions: Actions): boolean {
  if (isDir(key)) {
    const inField = isTyping(event.target) && (key === 'left' || key === 'right');
    const inSelect = event.target instanceof HTMLSelectElement && root().dataset.device !== 'tv';
    return !inField && !inSelect && actions.move(key);
  }
  if (key !== 'back') return false;
  // On a desktop Escape closes an open layer and never leaves a page; on a remote the same key is Back.
  if (event.key === 'Escape' && root().dataset.device !== 'tv') return false;
  actions.back();
  return true;
}

function root(): HTMLElement {
  return document.documentElement;
}
