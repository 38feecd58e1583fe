import { expect, it } from 'vitest';
import en from './en.json';
import fr from './fr.json';
import { translate } from './index';

const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

it('has the same keys in every language', () => {
  expect(Object.keys(fr)).toEqual(Object.keys(en));
});

it('keeps every place and leaves no text empty', () => {
  const keys = Object.keys(en) as (keyof typeof en)[];
  const wrong = keys.filter((key) => fr[key] === '' || String(places(fr[key])) !== String(places(en[key])));
  expect(wrong).toEqual([]);
});

it('puts a narrow no-break space before French double punctuation', () => {
  const wrong = Object.values(fr).filter((text) => /[^\u202f][:;!?»]|«[^\u202f]/.test(text));
  expect(wrong).toEqual([]);
});

it('chooses plural forms by the language', () => {
  expect(translate(en, 'en', 'titles', { count: 0 })).toBe('0 titles');
  expect(translate(en, 'en', 'titles', { count: 1 })).toBe('1 title');
  expect(translate(fr, 'fr', 'titles', { count: 0 })).toBe('0 titre');
  expect(translate(fr, 'fr', 'titles', { count: 2 })).toBe('2 titres');
});

it('writes numbers in the language and leaves no place unfilled', () => {
  expect(translate(en, 'en', 'files', { count: 12345 })).toBe('12,345 files');
  expect(translate(en, 'en', 'noResult', { q: '{{count}}' })).toContain('{{count}}');
});
