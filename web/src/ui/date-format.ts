import type { T } from '../i18n';
import { duration } from './words';

/** "17:04" today, "22 Nov, 17:04" this year, "22 Nov 2025, 17:04" before, in the language given. */
export function moment(language: string, ms: number, now = Date.now()): string {
  const at = new Date(ms);
  const today = new Date(now);
  const options: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
  if (at.toDateString() !== today.toDateString()) Object.assign(options, { day: 'numeric', month: 'short' });
  if (at.getFullYear() !== today.getFullYear()) options.year = 'numeric';
  return new Intl.DateTimeFormat(language, options).format(at);
}

/** "22 November 2026". */
export function day(language: string, ms: number): string {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
}

/** "3 min", rounded to what matters: a whole number of the greatest units. */
export function remaining(t: T, ms: number): string {
  return duration(t, ms >= 60_000 ? Math.ceil(ms / 60_000) * 60_000 : ms);
}
