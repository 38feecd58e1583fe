import type { ReactNode } from 'react';
import s from './Facts.module.css';

/** Names and values, one pair to a line; a value that is not there takes its line with it. */
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
