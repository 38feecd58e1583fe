import { describe, expect, it } from 'vitest';
import { save } from '../../lib/storage';
import { levelOf, type Quality, qualityWish, storedQuality, storeQuality } from './quality';

describe('the chosen quality', () => {
  it.each<[Quality, string]>([
    [{ kind: 'auto' }, 'auto'],
    [{ kind: 'original' }, 'original'],
    [{ kind: 'rung', height: 720 }, 'ladder'],
  ])('%o is kept on this device and told as %s', (quality, wish) => {
    storeQuality(quality);
    expect(storedQuality()).toEqual(quality);
    expect(qualityWish(storedQuality())).toBe(wish);
  });

  it.each(['', 'best', '-1', '0', 'NaN'])('is automatic for the stored word "%s"', (text) => {
    save('quality', text);
    expect(storedQuality()).toEqual({ kind: 'auto' });
  });
});

const levels = [270, 540, 1080].map((height, index) => ({ index, height, bitrate: 0 }));

it.each([
  [1080, 2],
  [720, 1],
  [540, 1],
  [144, 0],
  [4320, 2],
])('%d lines are shown by level %d', (height, index) => {
  expect(levelOf(levels, height)).toBe(index);
});

it('finds no level among none', () => expect(levelOf([], 720)).toBe(-1));
