import type { InputHTMLAttributes } from 'react';
import s from './Check.module.css';

export function Check({ label, ...rest }: { label: string } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className={s.check}>
      <input type="checkbox" {...rest} />
      <span className={s.mark} aria-hidden="true" />
      {label}
    </label>
  );
}
