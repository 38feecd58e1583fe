import { expect, it } from 'vitest';
import { type T, translate } from '../i18n';
import en from '../i18n/en.json';
import { moment, remaining } from './date-format';

const now = new Date(2026, 10, 22, 18, 0).getTime();
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

it.each([
  [new Date(2026, 10, 22, 9, 5), 'en', '9:05 AM'],
  [new Date(2026, 10, 22, 17, 4), 'fr', '17:04'],
  [new Date(2026, 2, 3, 17, 4), 'en', 'Mar 3, 5:04 PM'],
  [new Date(2025, 10, 22, 17, 4), 'en', 'Nov 22, 2025, 5:04 PM'],
])('tells %s in %s as %s', (at, language, expected) => {
  expect(plain(moment(language, at.getTime(), now))).toBe(expected);
});

it('rounds the remaining time up to whole minutes, and below a minute to seconds', () => {
  const t: T = (key, params) => translate(en, 'en', key, params);
  expect(remaining(t, 61_000)).toBe('2 min');
  expect(remaining(t, 3_599_000)).toBe('1 h 0 min');
  expect(remaining(t, 42_000)).toBe('42 s');
});
