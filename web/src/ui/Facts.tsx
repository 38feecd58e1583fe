import type { ReactNode } from 'react';
import s from './Facts.module.css';

/** A definition list; pairs without a value are omitted. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl>
      {rows
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} className={s.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
