import type { CSSProperties } from 'react';
import { palette } from '../lib/colour';
import s from './Avatar.module.css';

/** A profile's picture, drawn from its colour and its first letter. */
export function Avatar({ name, color, large }: { name: string; color: string; large?: boolean }) {
  const { tint, glow } = palette(color);
  return (
    <span
      className={s.avatar}
      data-large={large || undefined}
      style={{ '--tint': tint, '--glow': glow } as CSSProperties}
      aria-hidden="true"
    >
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
