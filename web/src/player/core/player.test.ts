import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PlaySession } from '../../api/types';
import type { Engine } from './engine';
import { heartbeat } from './heartbeat';
import { Player } from './player';

const session: PlaySession = {
  id: 's',
  manifest: '/media/t/multivariant.m3u8',
  startMs: 0,
  tokenExpiresMs: 0,
  durationMs: 100_000,
  wholeMs: 100_000,
  beforeMs: 0,
  fileId: 'f',
  title: { id: 't', kind: 'movie', name: 'Film', color: '#000000', readyPercent: 0, playable: true, listed: false, watched: false },
  way: { kind: 'ladder', code: 'device_unknown', message: 'ladder: the device did not say what it plays' },
  renditions: [{ id: 'v', kind: 'video', name: '540p', height: 540, percent: 10, complete: false }],
};

function fakeEngine() {
  return {
    name: 'hls.js',
    load: vi.fn(),
    replace: vi.fn(),
    renew: vi.fn(),
    setLevel: vi.fn(),
    setAutoRange: vi.fn(),
    setAudio: vi.fn(),
    stats: vi.fn(),
    resume: vi.fn(),
    destroy: vi.fn(),
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function make() {
  const video = document.createElement('video');
  video.play = vi.fn(() => Promise.resolve());
  return { video, player: new Player(video, session) };
}

it('makes one seek of several quick presses', () => {
  const { video, player } = make();
  const seeks: number[] = [];
  Object.defineProperty(video, 'currentTime', { get: () => 0, set: (value: number) => seeks.push(value) });
  player.nudge(10_000);
  player.nudge(10_000);
  player.nudge(10_000);
  expect(player.snapshot().pendingMs).toBe(30_000);
  expect(seeks).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(seeks).toEqual([30]);
  expect(player.snapshot().pendingMs).toBeUndefined();
});

it('never seeks outside the film', () => {
  const { video, player } = make();
  player.seek(-5000);
  expect(video.currentTime).toBe(0);
  player.seek(1e9);
  expect(video.currentTime).toBeLessThan(100);
});

it('widens the automatic range when a rung is finished', async () => {
  const { player } = make();
  const engine = fakeEngine();
  await player.open(session, () => Promise.resolve(engine as unknown as Engine));
  expect(engine.load).toHaveBeenCalledWith({ url: session.manifest, startMs: 0, original: false });
  player.setLevels(
    {
      all: [
        { index: 0, height: 540, bitrate: 1 },
        { index: 1, height: 1080, bitrate: 2 },
      ],
      current: 0,
      chosen: -1,
    },
    0,
  );
  expect(engine.setAutoRange).toHaveBeenLastCalledWith({ min: 0, max: 0 });
  player.setRenditions([{ id: 'w', kind: 'video', name: '1080p', height: 1080, percent: 100, complete: true }]);
  expect(engine.setAutoRange).toHaveBeenLastCalledWith({ min: 0, max: 1 });
});

it('destroys an engine that arrives after the viewer left', async () => {
  const { player } = make();
  const engine = fakeEngine();
  player.destroy();
  await player.open(session, () => Promise.resolve(engine as unknown as Engine));
  expect(engine.destroy).toHaveBeenCalledOnce();
  expect(engine.load).not.toHaveBeenCalled();
});

it('reports every ten seconds, on a pause, and once more at the end', () => {
  const { video, player } = make();
  const reporter = { progress: vi.fn(() => Promise.resolve()), refresh: vi.fn(() => Promise.resolve(undefined)), stop: vi.fn() };
  const end = heartbeat(player, reporter);
  player.dispatch({ type: 'playing' });
  vi.advanceTimersByTime(10_000);
  expect(reporter.progress).toHaveBeenLastCalledWith(0, 'playing', 'device_unknown');
  expect(reporter.refresh).toHaveBeenCalledOnce();
  Object.defineProperty(video, 'readyState', { value: video.HAVE_ENOUGH_DATA });
  video.dispatchEvent(new Event('pause'));
  expect(reporter.progress).toHaveBeenLastCalledWith(0, 'paused', 'device_unknown');
  end();
  expect(reporter.stop).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(reporter.progress).toHaveBeenCalledTimes(2);
});

it('begins in the voice that is wished for, once, and keeps the one that is picked', async () => {
  const engine = fakeEngine();
  const keep = vi.fn();
  const player = new Player(document.createElement('video'), session, { pick: () => 1, keep });
  await player.open(session, async () => engine as unknown as Engine);
  const all = [
    { index: 0, name: 'English', language: 'en' },
    { index: 1, name: 'Français', language: 'fr' },
  ];
  player.setAudioTracks({ all, current: 0 });
  expect(engine.setAudio.mock.calls).toEqual([[1]]);
  player.setAudioTracks({ all, current: 1 });
  expect(keep).not.toHaveBeenCalled();

  player.setAudio(0);
  expect(keep.mock.calls).toEqual([[all[0]]]);
  player.setAudioTracks({ all, current: 0 });
  expect(engine.setAudio.mock.calls).toEqual([[1], [0]]);
});

it('leaves a picked voice alone when the tracks are only known afterwards', async () => {
  const engine = fakeEngine();
  const player = new Player(document.createElement('video'), session, { pick: () => 1, keep: vi.fn() });
  await player.open(session, async () => engine as unknown as Engine);
  player.setAudio(0);
  player.setAudioTracks({ all: [{ index: 0, name: 'English', language: 'en' }], current: 0 });
  expect(engine.setAudio.mock.calls).toEqual([[0]]);
});

const manifest = '/media/t/original/multivariant.m3u8';
const withOriginal: PlaySession = {
  ...session,
  way: { kind: 'original', code: 'original_fits', message: '' },
  original: { manifest, name: '1080p', width: 1920, height: 1080, codecs: 'avc1.640028,mp4a.40.2', averageBps: 8e6, peakBps: 12e6 },
};
const tracks = [
  { index: 0, name: 'English', language: 'en' },
  { index: 1, name: 'Français', language: 'fr' },
];

async function onOriginal() {
  const engine = fakeEngine();
  const video = document.createElement('video');
  video.play = vi.fn(() => Promise.resolve());
  const player = new Player(video, withOriginal, { pick: () => 0, keep: vi.fn() });
  await player.open(withOriginal, async () => engine as unknown as Engine);
  player.dispatch({ type: 'playing' });
  return { engine, video, player };
}

it('begins with the stream that the server chose', async () => {
  const { engine, player } = await onOriginal();
  expect(engine.load).toHaveBeenCalledWith({ url: manifest, startMs: 0, original: true });
  expect(player.snapshot()).toMatchObject({ way: { kind: 'original' }, quality: { kind: 'auto' } });
  player.destroy();
});

it('hears the same track in the other stream, in whatever order it lists them', async () => {
  const { engine, player } = await onOriginal();
  player.setAudioTracks({ all: tracks, current: 0 });
  player.setAudio(1);
  player.setAudioTracks({ all: tracks, current: 1 });
  player.setQuality({ kind: 'rung', height: 540 });
  expect(engine.replace).toHaveBeenCalledWith({ url: session.manifest, startMs: 0, original: false, height: 540 }, 'now');
  player.replaced(false);
  engine.setAudio.mockClear();
  player.setAudioTracks({ all: [tracks[1], tracks[0]].map((track, index) => ({ name: '', language: '', ...track, index })), current: 1 });
  expect(engine.setAudio.mock.calls).toEqual([[0]]);
  player.destroy();
});

it('applies a chosen rung when the levels are known, once', async () => {
  const { engine, player } = await onOriginal();
  player.setLevels({ all: [{ index: 0, height: 1080, bitrate: 1 }], current: 0, chosen: -1 }, 0);
  player.setQuality({ kind: 'rung', height: 540 });
  player.replaced(false);
  expect(engine.setLevel).not.toHaveBeenCalled();
  const levels = { all: [270, 540].map((height, index) => ({ index, height, bitrate: 1 })), current: -1, chosen: -1 };
  player.setLevels(levels, 0);
  player.setLevels(levels, 0);
  expect(engine.setLevel.mock.calls).toEqual([[1]]);
  player.destroy();
});

it('plays on at the same position and speed when the element was emptied', async () => {
  const { video, player } = await onOriginal();
  player.setRate(1.5);
  player.seek(40_000);
  player.fault({ kind: 'media', code: 'E-MEDIA-x' });
  player.replaced(true);
  expect(player.snapshot()).toMatchObject({ phase: 'loading', wantsPlay: true, positionMs: 40_000, way: { code: 'ladder_failed' } });
  expect(video.defaultPlaybackRate).toBe(1.5);
  expect(video.play).not.toHaveBeenCalled();
  player.setLevels({ all: [{ index: 0, height: 540, bitrate: 1 }], current: -1, chosen: -1 }, 0);
  expect(video.play).toHaveBeenCalledOnce();
  player.destroy();
});

it('stays paused when the element was emptied', async () => {
  const { video, player } = await onOriginal();
  player.pause();
  player.fault({ kind: 'media', code: 'E-MEDIA-x' });
  player.replaced(true);
  player.setLevels({ all: [{ index: 0, height: 540, bitrate: 1 }], current: -1, chosen: -1 }, 0);
  expect(video.play).not.toHaveBeenCalled();
  player.destroy();
});

it('goes on after a media error emptied the element, which pauses it', async () => {
  const { video, player } = await onOriginal();
  video.dispatchEvent(new Event('pause'));
  video.dispatchEvent(new Event('emptied'));
  expect(player.snapshot()).toMatchObject({ phase: 'loading', wantsPlay: true });
  video.dispatchEvent(new Event('canplay'));
  expect(video.play).toHaveBeenCalledOnce();
  player.destroy();
});
