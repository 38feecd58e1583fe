import type { LadderPrediction, LadderSetting } from '../api/types';
import type { T } from '../i18n';
import type { AccountKey } from '../i18n/namespaces';
import { bytes, duration } from './words';

const day = 86_400_000;

/**
 * "9 min", "51 h 20 min", from three days on "12 days"; below a minute one minute, because a prediction is no stopwatch.
 * @internal
 */
export function workTime(t: T<AccountKey>, ms: number): string {
  if (ms >= 3 * day) return t('ladderDays', { count: Math.round(ms / day) });
  return duration(t, Math.max(1, Math.round(ms / 60_000)) * 60_000);
}

/** What a setting costs, in a sentence: before anything is watched, and for each film whose ladder a viewer needs. */
export function ladderCost(t: T<AccountKey>, language: string, setting: LadderSetting, of: LadderPrediction): string {
  if (setting === 'never') return t('ladderCostNever');
  if (of.files === 0) return '';
  const whole = (text: string) => text.replace(/ /g, '\u00a0'); // a number stays with its unit
  const cost = (workMs: number, size: number) => ({ time: whole(workTime(t, workMs)), size: whole(bytes(t, language, size)) });
  if (setting === 'always') return t('ladderCostAlways', cost(of.always.workMs, of.always.bytes));
  const { time, size } = cost(of.always.workMs / of.files, of.always.bytes / of.files);
  return t('ladderCostWatched', { ...cost(of.whenWatched.workMs, of.whenWatched.bytes), each: time, eachSize: size });
}
