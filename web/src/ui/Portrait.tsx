import type { CSSProperties } from 'react';
import { palette } from '../lib/colour';
import { pick } from '../lib/poster';
import { Picture } from './Picture';
import s from './Portrait.module.css';

const grounds = ['#3b5b7a', '#7a4f3b', '#4f6b46', '#6b466b', '#7a6a3b', '#3b7a74'];

/** "Ana de Armas" → "AA": the first letters of the first and the last name. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase();
}

/**
 * A round picture of a person; without one, the initials on a colour derived from the name. Remote URLs of portraits are not
 * fetched.
 */
export function Portrait({ name, picture }: { name: string; picture?: string }) {
  const { tint, deep } = palette(grounds[pick(name, grounds.length)]);
  return (
    <span className={s.portrait} style={{ background: `linear-gradient(150deg, ${tint}, ${deep})` } as CSSProperties}>
      <span className={s.initials} aria-hidden="true">
        {initials(name)}
      </span>
      {picture?.startsWith('/') && <Picture url={picture} width={320} />}
    </span>
  );
}
