import type { CSSProperties } from 'react';
import { names } from './class-names';
import s from './Skeleton.module.css';

/** Loading placeholder; invisible for the first moment, so that fast pages do not flash. */
export function Skeleton({ shape, count = 1 }: { shape: 'hero' | 'row' | 'grid' | 'lines'; count?: number }) {
  const inner = { hero: 3, row: 7, grid: 18, lines: 4 }[shape];
  return (
    <div aria-hidden="true" className={s.late}>
      {Array.from({ length: count }, (_, block) => (
        <div key={block} className={names(s.block, s[shape])}>
          {Array.from({ length: inner }, (_, at) => (
            <div key={at} className={s.box} style={{ '--at': at } as CSSProperties} />
          ))}
        </div>
      ))}
    </div>
  );
}
