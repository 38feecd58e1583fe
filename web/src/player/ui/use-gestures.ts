import { type PointerEvent, useRef } from 'react';
import type { Player } from '../core/player';
import type { Run } from './use-commands';
import type { ControlsVisibility } from './use-controls-visibility';

interface Options {
  player: Player;
  run: Run;
  visibility: ControlsVisibility;
  onClose: () => void;
}

/** milliseconds within which a second tap makes a double tap */
const together = 300;
/** milliseconds after which a press is a long one */
const long = 550;
/** pixels of a swipe down that leaves the player */
const swipe = 110;

/**
 * Mouse: a click plays or pauses, a double click fills the screen. Touch: a tap shows or hides the controls, a double tap
 * on a side moves ten seconds, a long press plays at double speed, a swipe down leaves.
 */
export function useGestures({ player, run, visibility, onClose }: Options) {
  const touch = useRef({ at: 0, x: 0, y: 0, fast: false, press: undefined as ReturnType<typeof setTimeout> | undefined });
  const single = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastTap = useRef({ at: 0, side: 0 });

  const tap = (event: PointerEvent<HTMLElement>) => {
    const width = event.currentTarget.clientWidth;
    const side = event.clientX < width / 3 ? -1 : event.clientX > (width * 2) / 3 ? 1 : 0;
    const now = event.timeStamp;
    const second = side !== 0 && side === lastTap.current.side && now - lastTap.current.at < together;
    lastTap.current = { at: now, side };
    clearTimeout(single.current);
    if (second) run({ do: 'seekBy', ms: side * 10_000 });
    else single.current = setTimeout(() => (visibility.shown ? visibility.hide() : visibility.show()), side === 0 ? 0 : together);
  };

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.pointerType === 'mouse') return;
      const now = touch.current;
      Object.assign(now, { at: event.timeStamp, x: event.clientX, y: event.clientY, fast: false });
      now.press = setTimeout(() => {
        now.fast = true;
        player.setRate(2);
      }, long);
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (event.pointerType === 'mouse') return;
      const now = touch.current;
      clearTimeout(now.press);
      if (now.fast) return player.setRate(1);
      if (event.clientY - now.y > swipe) return onClose();
      if (Math.abs(event.clientX - now.x) + Math.abs(event.clientY - now.y) < 12) tap(event);
    },
    onPointerCancel() {
      clearTimeout(touch.current.press);
      if (touch.current.fast) player.setRate(1);
    },
    onClick(event: { nativeEvent: MouseEvent }) {
      if ((event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') run({ do: 'toggle' });
    },
    onDoubleClick() {
      if (document.documentElement.dataset.input === 'pointer' && document.documentElement.dataset.device === 'desktop')
        run({ do: 'fullscreen' });
    },
    onContextMenu(event: { preventDefault(): void }) {
      event.preventDefault();
    },
  };
}
