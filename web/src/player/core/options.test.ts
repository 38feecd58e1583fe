import { describe, expect, it } from 'vitest';
import type { RenditionState } from '../../api/types';
import { autoRange, carriedLevel, hlsConfig } from './options';

const levels = [270, 540, 720, 1080].map((height, index) => ({ index, height, bitrate: height * 1000 }));
const ladder = (...complete: number[]): RenditionState[] =>
  levels.map(({ height }) => ({
    id: `v${height}`,
    kind: 'video',
    name: `${height}p`,
    height,
    percent: 0,
    complete: complete.includes(height),
  }));

describe('the range of the automatic choice', () => {
  it('is the first rung alone while nothing is finished', () => {
    expect(autoRange(levels, 1, ladder())).toEqual({ min: 1, max: 1 });
  });

  it('is everything once everything is finished', () => {
    expect(autoRange(levels, 1, ladder(270, 540, 720, 1080))).toEqual({ min: 0, max: 3 });
  });

  it('never passes over a rung that is being made', () => {
    expect(autoRange(levels, 1, ladder(270, 1080))).toEqual({ min: 0, max: 1 });
    expect(autoRange(levels, 2, ladder(270, 720))).toEqual({ min: 2, max: 2 });
  });
});

describe('the configuration of hls.js', () => {
  it('waits for a segment that is being made', () => {
    for (const policy of ['fragLoadPolicy', 'playlistLoadPolicy', 'manifestLoadPolicy'] as const) {
      expect(hlsConfig('desktop', '/w.js', undefined)[policy]?.default.maxTimeToFirstByteMs).toBeGreaterThanOrEqual(60_000);
    }
  });

  it('asks again after a connection that broke, but not for ever', () => {
    const policy = hlsConfig('desktop', '/w.js', undefined).fragLoadPolicy?.default.errorRetry;
    const again = (code: number, count: number, retry: boolean) =>
      policy?.shouldRetry?.(policy, count, false, { url: '', code, text: '' } as never, retry);
    expect([again(0, 0, false), again(0, 5, false), again(0, 6, false), again(403, 0, false), again(503, 2, true)]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('holds less in a TV and trusts no TV about its size', () => {
    const tv = hlsConfig('tv', '/w.js', 1);
    expect(tv.maxBufferSize).toBeLessThan(hlsConfig('desktop', '/w.js', 1).maxBufferSize ?? 0);
    expect(tv.capLevelToPlayerSize).toBe(false);
    expect(hlsConfig('phone', '/w.js', 1).capLevelToPlayerSize).toBe(true);
  });

  it('begins with the last bandwidth seen', () => {
    expect(hlsConfig('desktop', '/w.js', 1_234_567).abrEwmaDefaultEstimate).toBe(1_234_567);
  });
});

describe('the level to begin with', () => {
  it.each([
    [2, undefined, 2],
    [2, 10_000_000, 2],
    [2, 720_000 * 1.2, 2],
    [2, 720_000, 1],
    [2, 400_000, 0],
    [0, 1, 0],
  ])('below %i with %s bit/s is %i', (first, carried, expected) => {
    expect(carriedLevel(levels, first, carried)).toBe(expected);
  });
});
