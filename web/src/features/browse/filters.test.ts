import { describe, expect, it } from 'vitest';
import { translate } from '../../i18n';
import en from '../../i18n/en.json';
import type { ViewerT } from '../../i18n/namespaces';
import viewer from '../../i18n/viewer.en.json';
import { activeFilters, filters, lengthWords, nameOf, optionsOf, yearWords } from './filters';

const t: ViewerT = (key, params) => translate({ ...en, ...viewer }, 'en', key, params);
const [genre, year] = filters;

describe('the words of a filter', () => {
  it.each([
    ['-45', 'Up to 45 min'],
    ['90-120', '90 to 120 min'],
    ['150-', 'Over 150 min'],
  ])('of the length %s are %s', (minutes, words) => expect(lengthWords(t, minutes)).toBe(words));

  it.each([
    ['1990-1999', '1990s'],
    ['1987', '1987'],
    ['1987-1991', '1987–1991'],
  ])('of the years %s are %s', (years, words) => expect(yearWords(t, years)).toBe(words));

  it('come from the server where it has a name', () => {
    if (!genre || !year) throw new Error('no filters');
    expect(nameOf(t, genre, { id: 'g1', name: 'Drama', count: 3 })).toBe('Drama');
    expect(nameOf(t, year, { id: '2020-2029', name: '2020-2029', count: 3 })).toBe('2020s');
  });
});

it('offers the answer that is chosen even when nothing is left of it', () => {
  if (!year) throw new Error('no filters');
  const facets = { total: 0, years: [{ id: '1990-1999', name: '1990s', count: 4 }] };
  expect(optionsOf(year, facets, { year: '1950-1959' })).toEqual([
    { id: '1990-1999', name: '1990s', count: 4 },
    { id: '1950-1959', name: '1950-1959', count: 0 },
  ]);
  expect(optionsOf(year, undefined, {})).toEqual([]);
  expect(activeFilters({ kind: 'movie', sort: 'title', year: '1950-1959', watched: 'no' }).map(({ name }) => name)).toEqual([
    'year',
    'watched',
  ]);
});
