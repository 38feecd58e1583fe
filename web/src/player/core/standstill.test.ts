import type HlsModule from 'hls.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadAgainAtStandstill } from './standstill';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A player that plays and has no data, and what was done to it. */
function standing() {
  const listeners = new Map<string, (name: string, data: unknown) => void>();
  const done: string[] = [];
  const hls = {
    on: (name: string, run: (name: string, data: unknown) => void) => listeners.set(name, run),
    stopLoad: () => done.push('stop'),
    startLoad: (at: number) => done.push(`start ${at}`),
  };
  const video = { currentTime: 0, paused: false, ended: false, readyState: 0, HAVE_FUTURE_DATA: 3 };
  const events = { FRAG_LOADING: 'loading', FRAG_LOADED: 'loaded', ERROR: 'error' };
  let position: number | undefined = 600;
  const end = loadAgainAtStandstill(
    hls as unknown as HlsModule,
    events as unknown as typeof HlsModule.Events,
    video as unknown as HTMLVideoElement,
    () => position,
  );
  return {
    video,
    done,
    end,
    tell: (name: string, type?: string) => listeners.get(name)?.(name, { frag: type && { type } }),
    forget: () => {
      position = undefined;
    },
  };
}

it('loads again when nothing moves and nothing is loaded, and only after a while', () => {
  const { done } = standing();
  vi.advanceTimersByTime(8_000);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(done).toEqual(['stop', 'start 600']);
  vi.advanceTimersByTime(8_000);
  expect(done).toEqual(['stop', 'start 600', 'stop', 'start 600']);
});

it.each([
  ['something is being loaded', ({ tell }: ReturnType<typeof standing>) => tell('loading', 'audio')],
  ['it is paused', ({ video }: ReturnType<typeof standing>) => Object.assign(video, { paused: true })],
  ['it is over', ({ video }: ReturnType<typeof standing>) => Object.assign(video, { ended: true })],
  ['there is data', ({ video }: ReturnType<typeof standing>) => Object.assign(video, { readyState: 4 })],
  ['the watch has ended', ({ end }: ReturnType<typeof standing>) => end()],
  ['loading was stopped on purpose', ({ forget }: ReturnType<typeof standing>) => forget()],
])('leaves it alone while %s', (_, change) => {
  const player = standing();
  change(player);
  vi.advanceTimersByTime(60_000);
  expect(player.done).toEqual([]);
});

it('counts a load that failed as over', () => {
  const { tell, done } = standing();
  tell('loading', 'audio');
  tell('error', 'audio');
  tell('error');
  vi.advanceTimersByTime(12_000);
  expect(done).toEqual(['stop', 'start 600']);
});

it('lets hls.js try again by itself, until it gives up', () => {
  const { tell, done } = standing();
  for (let tries = 0; tries < 10; tries++) {
    tell('loading', 'audio');
    tell('error', 'audio');
    vi.advanceTimersByTime(6_000); // the longest pause between two tries
  }
  expect(done).toEqual([]);
});
