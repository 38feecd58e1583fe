import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { usePlayerT } from '../../i18n/namespaces';
import { clock, span } from '../../lib/time';
import { keyOf } from '../../nav/keys';
import type { Player, View } from '../core/player';
import { heldStep } from '../core/shortcuts';
import s from './SeekBar.module.css';

/** On a remote, a seek is debounced by this many milliseconds. */
const settle = 600;

/** The seek bar: buffered range, position and pending seek. Dragging and held arrows seek once, at the end. */
export function SeekBar({ player, view }: { player: Player; view: View }) {
  const t = usePlayerT();
  const bar = useRef<HTMLDivElement>(null);
  const repeats = useRef(0);
  const [hover, setHover] = useState<number>();
  const [drag, setDrag] = useState<number>();
  const duration = Math.max(1, view.durationMs);
  const at = drag ?? view.pendingMs ?? view.positionMs;
  const tip = drag ?? view.pendingMs ?? hover;
  const share = (ms: number) => Math.min(1, Math.max(0, ms / duration));

  const timeAt = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect();
    return box ? share(((event.clientX - box.left) / box.width) * duration) * duration : 0;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event.nativeEvent);
    if (key === 'left' || key === 'right') {
      repeats.current = event.repeat ? repeats.current + 1 : 0;
      player.nudge((key === 'right' ? 1 : -1) * heldStep(repeats.current), settle);
    } else if (key === 'ok') player.commit();
    else if (event.key === 'Home') player.seek(0);
    else if (event.key === 'End') player.seek(duration);
    else return;
    event.preventDefault();
  };

  const { hours, minutes, seconds } = span(at);
  const spoken = t('positionSpoken', { minutes: hours * 60 + minutes, seconds, total: Math.round(duration / 60_000) });
  return (
    <div
      ref={bar}
      className={s.seek}
      role="slider"
      tabIndex={0}
      aria-label={t('seekBar')}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration / 1000)}
      aria-valuenow={Math.round(at / 1000)}
      aria-valuetext={spoken}
      data-dragging={drag !== undefined || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag(timeAt(event));
      }}
      onPointerMove={(event) => {
        setHover(timeAt(event));
        if (drag !== undefined) setDrag(timeAt(event));
      }}
      onPointerUp={(event) => {
        if (drag === undefined) return;
        setDrag(undefined);
        player.seek(timeAt(event));
      }}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={() => setHover(undefined)}
    >
      <div className={s.rail}>
        <div className={s.buffered} style={{ transform: `scaleX(${share(view.bufferedMs)})` }} />
        <div className={s.played} style={{ transform: `scaleX(${share(at)})` }} />
      </div>
      <div className={s.knob} style={{ left: `${share(at) * 100}%` }} />
      {tip !== undefined && (
        <div className={s.tip} style={{ left: `${share(tip) * 100}%` }}>
          {clock(tip)}
        </div>
      )}
    </div>
  );
}
