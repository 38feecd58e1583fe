import { describe, expect, it } from 'vitest';
import { autoWay, type WayMemory, type WayMove, type WaySample, wayStart } from './auto-way';

const original: WaySample = {
  on: 'original',
  nowMs: 0,
  playing: true,
  positionS: 100,
  bufferedS: 30,
  restS: 3000,
  throughput: 20e6,
  averageBps: 8e6,
  peakBps: 12e6,
  mayReturn: true,
};
const ladder: WaySample = { ...original, on: 'ladder' };

/** Looks at one look after another, a second apart, until one moves; each is the one before it with a change. */
function watch(start: WaySample, seconds: number, change: (second: number) => Partial<WaySample>, memory: WayMemory = wayStart) {
  let now = memory;
  for (let second = 0; second < seconds; second += 1) {
    const nowMs = start.nowMs + second * 1000;
    const looked = autoWay(now, { ...start, nowMs, positionS: start.positionS + second, ...change(second) });
    now = looked.memory;
    if (looked.move) return { move: looked.move, second, memory: now };
  }
  return { move: undefined, second: seconds, memory: now };
}

/** A buffer that loses half a second in each, as when half of the bit rate arrives. */
const shrinking =
  (from: number, by = 0.5) =>
  (second: number) => ({ bufferedS: Math.max(0, from - by * second) });

describe('Original is left for the ladder', () => {
  it.each<[string, Partial<WaySample>, (second: number) => Partial<WaySample>, WayMove | undefined]>([
    ['half of the bit rate arrives and the buffer runs dry', { throughput: 4e6 }, shrinking(30), 'slow'],
    ['as much arrives as it needs', {}, shrinking(30), undefined],
    ['less than its peak arrives, but the buffer stays full', { throughput: 9e6 }, () => ({ bufferedS: 28 }), undefined],
    ['less than its peak arrives, and the buffer grows from nothing', { throughput: 9e6 }, (s) => ({ bufferedS: s }), undefined],
    ['less than its peak arrives and the buffer shrinks', { throughput: 9e6 }, shrinking(12), 'slow'],
    ['between its peak and 1/1.2 of it', { throughput: 10.5e6 }, shrinking(12), undefined],
    ['no peak is known and 1.3 of the average arrives', { throughput: 10.4e6, peakBps: 0 }, shrinking(12), undefined],
    ['no peak is known and 0.8 of the average arrives', { throughput: 6.4e6, peakBps: 0 }, shrinking(12), 'slow'],
    ['0.95 of the average arrives, no peak is known, and 4 seconds are left', { throughput: 7.6e6, peakBps: 0 }, shrinking(6), 'slow'],
    ['nothing was measured', { throughput: undefined }, shrinking(12), undefined],
    ['nothing arrives', { throughput: 0 }, shrinking(12), 'slow'],
    ['it is paused', { throughput: 4e6, playing: false }, shrinking(12), undefined],
    ['all of the rest is loaded', { throughput: 4e6 }, (s) => ({ bufferedS: 8 - s / 2, restS: 8 - s / 2 }), undefined],
    ['it stands still with an empty buffer', { throughput: 4e6 }, () => ({ bufferedS: 0, positionS: 100 }), 'slow'],
  ])('%s', (_, start, change, expected) => {
    expect(watch({ ...original, ...start }, 50, change).move).toBe(expected);
  });

  it('before a stall, and not before ten seconds are left', () => {
    const { second } = watch({ ...original, throughput: 4e6 }, 60, shrinking(30));
    expect(30 - second / 2).toBeLessThan(10);
    expect(30 - second / 2).toBeGreaterThan(8);
  });

  it('not after a seek, while the first segments arrive', () => {
    expect(watch({ ...original, throughput: 4e6 }, 4, (s) => ({ bufferedS: s * 0.6 })).move).toBeUndefined();
  });
});

describe('data that is not shown', () => {
  const still = () => ({ positionS: 100, bufferedS: 12 });
  it('leads to the ladder after eight seconds', () => {
    expect(watch(original, 20, still)).toMatchObject({ move: 'stuck', second: 9 });
  });
  it.each<[string, Partial<WaySample>]>([
    ['it is paused', { playing: false }],
    ['too little is there', { bufferedS: 1 }],
    ['it is the ladder', { on: 'ladder', mayReturn: false }],
  ])('does not while %s', (_, change) => {
    expect(watch({ ...original, ...change }, 20, () => ({ positionS: 100, ...change })).move).toBeUndefined();
  });
  it('counts anew when the picture moved', () => {
    expect(watch(original, 15, (s) => ({ positionS: s === 7 ? 100.04 : 100, bufferedS: 12 })).move).toBeUndefined();
  });
});

describe('Original comes back', () => {
  it.each<[string, Partial<WaySample>, WayMove | undefined]>([
    ['with half as much again as its average', { throughput: 12e6 }, 'back'],
    ['with less than that', { throughput: 11e6 }, undefined],
    ['with the buffer not full', { bufferedS: 9 }, undefined],
    ['while it is paused', { playing: false }, undefined],
    ['when the viewer or the film forbids it', { mayReturn: false }, undefined],
    ['when nothing was measured', { throughput: undefined }, undefined],
    ['for the last seconds of the film', { restS: 19, bufferedS: 19 }, undefined],
  ])('%s', (_, change, expected) => {
    expect(watch({ ...ladder, ...change }, 120, () => ({})).move).toBe(expected);
  });

  it('after thirty good seconds', () => {
    expect(watch(ladder, 60, () => ({})).second).toBe(30);
    expect(watch(ladder, 60, (s) => ({ throughput: s === 10 ? 1e6 : 20e6 })).second).toBe(41);
  });

  it('a minute after it was left, then two, then four', () => {
    let memory = wayStart;
    let nowMs = 0;
    const pauses: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const gone = watch({ ...original, nowMs, throughput: 4e6 }, 60, shrinking(30), memory);
      expect(gone.move).toBe('slow');
      nowMs += gone.second * 1000;
      const back = watch({ ...ladder, nowMs: nowMs + 1000 }, 1000, () => ({}), gone.memory);
      expect(back.move).toBe('back');
      pauses.push(back.second + 1);
      nowMs += (back.second + 2) * 1000;
      memory = back.memory;
    }
    expect(pauses).toEqual([60, 120, 240]);
  });
});
