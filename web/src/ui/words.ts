import { asProblem } from '../api/problem';
import type { TitleCard } from '../api/types';
import type { T, Translation } from '../i18n';
import { span } from '../lib/time';

/** "1 h 38 min", "48 min", "35 s". */
export function duration(t: T, ms: number): string {
  const { hours, minutes, seconds } = span(ms);
  if (hours > 0) return t('hoursMinutes', { hours, minutes });
  return minutes > 0 ? t('minutes', { minutes }) : t('seconds', { seconds });
}

/** "S2:E4"; empty unless the title is an episode. */
export function episodeTag({ season, episode }: Pick<TitleCard, 'season' | 'episode'>): string {
  return season === undefined || episode === undefined ? '' : `S${season}:E${episode}`;
}

/** 2160 → "4K", 1080 → "HD"; smaller pictures carry no suffix. */
export function sharpness(height: number | undefined): string {
  if (!height || height < 720) return '';
  return height >= 2000 ? '4K' : 'HD';
}

/** The meta line of a card: year and duration, or the kind. */
export function titleMeta(t: T, title: Omit<TitleCard, 'genres'>): string {
  const length = title.kind === 'series' ? t('kindSeries') : title.durationMs ? duration(t, title.durationMs) : '';
  return [title.year, length].filter(Boolean).join(' · ');
}

/** The text of an error: the server's message, because it is specific, else a generic one. */
export function failureWords({ t, reason }: Translation, error: unknown): string {
  const { code, message } = asProblem(error);
  return code === 'offline' ? t('offlineText') : reason(code, message) || t('failedText');
}

/** A wait in seconds, or from two minutes on in whole minutes, rounded up. Both keys take a `count`. */
export function waitWords<K extends string>(t: T<K>, seconds: number, inSeconds: K, inMinutes: K): string {
  return seconds < 120 ? t(inSeconds, { count: seconds }) : t(inMinutes, { count: Math.ceil(seconds / 60) });
}

/** Decimal sizes, as disks are sold: 1536000000 → "1.5 GB", in French "1,5 Go". */
export function bytes(t: T, language: string, count: number): string {
  const units = t('byteUnits').split(' ');
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${units[unit]}`;
}
