import { describe, expect, it } from 'vitest';
import { queryClient } from '../../api/queries';
import { creditLine, creditOf, type Draft, patchOf, refreshTitle } from './title-draft';

const before: Draft = {
  name: 'Night River',
  originalName: '',
  sortName: '',
  year: '1997',
  released: '1997-03-02',
  certification: '',
  age: '12',
  tagline: '',
  overview: 'A river.',
  genres: 'Drama, Thriller',
  studios: '',
  countries: '',
  credits: 'Ana Duarte = Nora\ndirector: Ruth Cole',
};

describe('what an edit sends', () => {
  it('is nothing when nothing changed, and spaces around words are no change', () => {
    expect(patchOf(before, { ...before, name: ' Night River ' }, [])).toEqual({});
  });

  it('is each changed field in its own form', () => {
    const after = { ...before, year: '1998', age: '', genres: 'Drama,  Western ,', credits: 'Ana Duarte = Nora' };
    expect(patchOf(before, after, [])).toEqual({
      year: 1998,
      age: null,
      genres: ['Drama', 'Western'],
      credits: [{ name: 'Ana Duarte', kind: 'actor', role: 'Nora' }],
    });
  });

  it('is null for what goes back to automatic, whatever was typed', () => {
    expect(patchOf(before, { ...before, overview: 'Other words.' }, ['overview'])).toEqual({ overview: null });
  });
});

describe('a line of the cast', () => {
  it.each([
    ['Ana Duarte = Nora', { name: 'Ana Duarte', kind: 'actor', role: 'Nora' }],
    ['Ana Duarte', { name: 'Ana Duarte', kind: 'actor' }],
    ['director: Ruth Cole', { name: 'Ruth Cole', kind: 'director' }],
    ['Composer: Kenji Mori = Main theme', { name: 'Kenji Mori', kind: 'composer', role: 'Main theme' }],
    ['T: the Artist', { name: 'T: the Artist', kind: 'actor' }],
    ['  ', undefined],
  ])('%s is read', (line, credit) => expect(creditOf(line)).toEqual(credit));

  it('is written as it is read', () => {
    for (const line of ['Ana Duarte = Nora', 'director: Ruth Cole']) {
      const credit = creditOf(line);
      expect(credit && creditLine(credit)).toBe(line);
    }
  });
});

it('asks for every title again when an edit does not answer with one', () => {
  queryClient.setQueryData(['title', 'a'], { id: 'a' });
  queryClient.setQueryData(['title', 'b'], { id: 'b' });
  const stale = (id: string) => queryClient.getQueryState(['title', id])?.isInvalidated;
  refreshTitle('a', undefined);
  expect([stale('a'), stale('b')]).toEqual([true, true]);
});
