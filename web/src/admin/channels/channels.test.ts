import { describe, expect, it } from 'vitest';
import { ruleOf } from './ChannelDialog';
import { moveItem } from './channels';

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

describe('the rule of a channel', () => {
  const filled = form({
    genres: 'Drama, Western ,',
    years: '1990-1999',
    age: '12',
    folders: 'Kids\n\n/media/Films ',
    tags: '',
    roots: 'r1',
  });

  it('leaves empty fields out', () => {
    expect(ruleOf(filled, 'rule', 'movie')).toEqual({
      kind: 'movie',
      genres: ['Drama', 'Western'],
      years: '1990-1999',
      age: 12,
      folders: ['Kids', '/media/Films'],
      roots: ['r1'],
    });
  });

  it('is about folders alone for a channel of folders, and nothing for one made by hand', () => {
    expect(ruleOf(filled, 'folder', 'movie')).toEqual({ folders: ['Kids', '/media/Films'], roots: ['r1'] });
    expect(ruleOf(filled, 'hand', '')).toBeUndefined();
  });
});

it('moves one of several up, down or to the top', () => {
  expect(moveItem(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  expect(moveItem(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
  expect(moveItem(['a', 'b', 'c'], 2, -2)).toEqual(['c', 'a', 'b']);
});
