import { expect, it } from 'vitest';
import en from '../i18n/en.json';
import { translate } from '../i18n/index';
import { waitWords } from './words';

it.each([
  [1, 'Too many attempts. Try again in 1 second.'],
  [119, 'Too many attempts. Try again in 119 seconds.'],
  [120, 'Too many attempts. Try again in 2 minutes.'],
  [841, 'Too many attempts. Try again in 15 minutes.'],
])('a wait of %i seconds', (seconds, want) => {
  expect(waitWords((key, params) => translate(en, 'en', key, params), seconds, 'tooMany', 'tooManyMinutes')).toBe(want);
});
