import type { Visit } from '../../api/types';

/** Groups visits by local day; newest first, as the server sends them. */
export function byDay<V extends Pick<Visit, 'atMs'>>(visits: V[]): [dayMs: number, V[]][] {
  const days = new Map<number, V[]>();
  for (const visit of visits) {
    const day = new Date(visit.atMs).setHours(0, 0, 0, 0);
    const found = days.get(day);
    if (found) found.push(visit);
    else days.set(day, [visit]);
  }
  return Array.from(days);
}

/** "Sunday 22 November". */
export function dayName(language: string, ms: number): string {
  const text = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' }).format(ms);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "17:04". */
export function timeOf(language: string, ms: number): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(ms);
}
