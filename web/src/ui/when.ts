import type { T } from '../i18n';
import { duration } from './words';

/** "22 Nov 2026, 17:04", in the language given. */
export function moment(language: string, ms: number): string {
  const options = { dateStyle: 'medium', timeStyle: 'short' } as Intl.DateTimeFormatOptions;
  return new Intl.DateTimeFormat(language, options).format(ms);
}

/** "22 November 2026". */
export function day(language: string, ms: number): string {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
}

/** "3 min", rounded to what matters: a whole number of the greatest units. */
export function remaining(t: T, ms: number): string {
  return duration(t, ms >= 60_000 ? Math.ceil(ms / 60_000) * 60_000 : ms);
}
