import { expect, it } from 'vitest';
import { commandOf, heldStep, rateBeside } from './shortcuts';

it('gives the arrows to the picture on desktops and to the focus on TVs', () => {
  expect(commandOf({ key: 'right', text: 'ArrowRight', arrowsSeek: true })).toEqual({ do: 'seekBy', ms: 10_000 });
  expect(commandOf({ key: 'right', text: 'ArrowRight', arrowsSeek: false })).toBeUndefined();
});

it.each([
  ['k', { do: 'toggle' }],
  ['K', { do: 'toggle' }],
  [' ', { do: 'toggle' }],
  ['7', { do: 'seekTo', share: 0.7 }],
  ['>', { do: 'speed', by: 1 }],
  ['?', { do: 'help' }],
])('reads %s', (text, command) => {
  expect(commandOf({ key: undefined, text, arrowsSeek: true })).toEqual(command);
});

it('knows the keys of a remote', () => {
  expect(commandOf({ key: 'playpause', text: '', arrowsSeek: false })).toEqual({ do: 'toggle' });
  expect(commandOf({ key: 'rewind', text: '', arrowsSeek: false })).toEqual({ do: 'seekBy', ms: -10_000 });
});

it('steps through the speeds and stops at the ends', () => {
  expect(rateBeside(1, 1)).toBe(1.25);
  expect(rateBeside(1, -1)).toBe(0.75);
  expect(rateBeside(2, 1)).toBe(2);
  expect(rateBeside(1.1, -1)).toBe(1);
});

it('moves further the longer an arrow is held', () => {
  expect([0, 7, 8, 23, 24, 90].map(heldStep)).toEqual([10_000, 10_000, 30_000, 30_000, 60_000, 60_000]);
});
