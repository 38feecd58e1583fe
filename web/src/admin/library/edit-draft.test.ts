import { describe, expect, it } from 'vitest';
import { changesOf, draftOf } from './edit-draft';

const title = { name: 'Heat', year: 1995, age: 16, genres: [{ name: 'Crime' }, { name: 'Drama' }], overview: 'A bank.' };

describe('the draft of a title', () => {
  it('changes nothing that was not touched', () => {
    expect(changesOf(title, draftOf(title), new Set())).toEqual({});
  });

  it('sends only what differs, each as what it is', () => {
    const draft = { ...draftOf(title), name: ' Heat! ', year: '1996', age: '0', genres: 'Crime,, Thriller ', tagline: 'x' };
    expect(changesOf(title, draft, new Set())).toEqual({
      name: 'Heat!',
      year: 1996,
      age: 0,
      genres: ['Crime', 'Thriller'],
      tagline: 'x',
    });
  });

  it('gives a field back when it was emptied, or when somebody says so', () => {
    const draft = { ...draftOf(title), overview: '  ' };
    expect(changesOf(title, draft, new Set(['name']))).toEqual({ name: null, overview: null });
  });
});
