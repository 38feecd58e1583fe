import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlaySession, Way } from '../../api/types';
import { save } from '../../lib/storage';
import { capabilities } from './capabilities';
import type { Engine, EngineFault, Handover, Source } from './engine';
import { type Quality, storedQuality } from './quality';
import { type Look, WayControl } from './way-control';

const codecs = 'avc1.640028,mp4a.40.2';
const original = { manifest: '/media/t/original/m.m3u8', name: '1080p', width: 1920, height: 1080, codecs, averageBps: 8e6, peakBps: 12e6 };
const fits: Way = { kind: 'original', code: 'original_fits', message: '' };
const because = (code: string): Way => ({ kind: 'ladder', code, message: '' });

beforeEach(() => {
  vi.useFakeTimers();
  save('undecodable', '[]');
  save('quality', 'auto');
});
afterEach(() => vi.useRealTimers());

function control(way: Way, quality?: Quality, offered: PlaySession['original'] | null = original) {
  const done: string[] = [];
  const look: Look = { playing: true, loading: false, positionS: 100, bufferedS: 30, restS: 3000 };
  const stats = { throughput: 20e6, codecs: 'avc1.640028, mp4a.40.2' };
  const engine = {
    replace: ({ url, startMs }: Source, handover: Handover) => done.push(`${handover} ${url} ${startMs}`),
    setLevel: (index: number) => done.push(`level ${index}`),
    stats: () => stats,
  } as unknown as Engine;
  const host = {
    engine: () => engine,
    look: () => look,
    show: () => undefined,
  };
  const session = { manifest: '/media/t/m.m3u8', way, original: offered ?? undefined } as PlaySession;
  const ways = new WayControl(host, session, quality);
  const seconds = (count: number, change: () => void = () => undefined) => {
    for (let second = 0; second < count; second += 1) {
      look.positionS += 1;
      change();
      vi.advanceTimersByTime(1000);
    }
  };
  return { ways, done, look, stats, seconds };
}

const toLadder = (handover: Handover) => `${handover} /media/t/m.m3u8 100000`;
const toOriginal = (handover: Handover) => `${handover} /media/t/original/m.m3u8 100000`;

it.each<[string, Way, PlaySession['original'] | null, string]>([
  ['Original', fits, original, original.manifest],
  ['the ladder', because('ladder_codec'), original, '/media/t/m.m3u8'],
  ['the ladder when there is no Original after all', fits, null, '/media/t/m.m3u8'],
])('begins with %s', (_, way, offered, url) => {
  expect(control(way, undefined, offered).ways.first(5)).toEqual({ url, startMs: 5, original: url === original.manifest });
});

describe('the choice of the viewer', () => {
  it.each<[string, Way, Quality, string[]]>([
    ['Original from the ladder', because('ladder_network'), { kind: 'original' }, [toOriginal('now')]],
    ['Original from Original', fits, { kind: 'original' }, []],
    ['a rung from Original', fits, { kind: 'rung', height: 540 }, [toLadder('now')]],
    ['automatic from Original', fits, { kind: 'auto' }, []],
    ['automatic from the ladder', because('ladder_codec'), { kind: 'auto' }, ['level -1']],
    ['automatic from a rung that was chosen before', because('ladder_chosen'), { kind: 'auto' }, [toOriginal('now')]],
  ])('%s', (_, way, quality, expected) => {
    const { ways, done } = control(way);
    ways.choose(quality);
    expect(done).toEqual(expected);
    expect(storedQuality()).toEqual(quality);
    expect(ways.snapshot().quality).toEqual(quality);
  });

  it('begins anew while nothing was shown', () => {
    const { ways, done, look } = control(fits);
    look.loading = true;
    ways.choose({ kind: 'rung', height: 540 });
    expect(done).toEqual([toLadder('anew')]);
  });

  it('of Original holds however slowly it comes', () => {
    const { done, look, stats, seconds } = control(fits, { kind: 'original' });
    stats.throughput = 1e6;
    look.bufferedS = 10;
    seconds(12, () => {
      look.bufferedS -= 0.8;
    });
    expect(done).toEqual([]);
  });
});

describe('a fault of Original', () => {
  const media: EngineFault = { kind: 'media', code: 'E-MEDIA-bufferAppendError' };
  const answer = (status?: number): EngineFault => ({ kind: 'network', code: `E-NET-${status ?? 0}`, status });

  it('in its decoder leads to the ladder, and is remembered on this device', () => {
    const { ways, done } = control(fits);
    expect(ways.fault(media)).toBe(true);
    expect(done).toEqual([toLadder('anew')]);
    expect(ways.snapshot()).toMatchObject({ way: { kind: 'ladder', code: 'ladder_failed' }, original: undefined });
    expect(capabilities().failed).toEqual(['avc1.640028']);
  });

  it.each<[string, string, string, string[] | undefined]>([
    ['AAC', 'avc1.640028,mp4a.40.2', 'avc1.640028, mp4a.40.2', ['mp4a.40.2']],
    ['AC-3 beside AAC', 'avc1.640028,ac-3,mp4a.40.2', 'avc1.640028, ac-3', ['ac-3']],
    ['FLAC, as hls.js writes it', 'avc1.640028,flac,mp4a.40.2', 'avc1.640028, fLaC', ['flac']],
    ['the only one, while the engine knows none', 'hvc1.1.6.L120.B0,ec-3', '', ['ec-3']],
    ['one of several that is not known', 'avc1.640028,ac-3,mp4a.40.2', '', undefined],
    ['none', 'avc1.640028', '', undefined],
  ])('in the decoder of its sound (%s) leaves the picture alone', (_, offered, plays, failed) => {
    const { ways, done, stats } = control(fits, undefined, { ...original, codecs: offered });
    stats.codecs = plays;
    expect(ways.fault({ ...media, track: 'audio' })).toBe(true);
    expect(done).toEqual([toLadder('anew')]);
    expect(ways.snapshot()).toMatchObject({ way: { kind: 'ladder', code: 'ladder_failed_sound' }, original: undefined });
    expect(capabilities().failed).toEqual(failed);
  });

  it.each([404, 410, 422, 500, 502, 503])('of its file (%d) leads to the ladder, and is not remembered', (status) => {
    const { ways, done } = control(fits, { kind: 'original' });
    expect(ways.fault(answer(status))).toBe(true);
    expect(done).toEqual([toLadder('soon')]);
    expect(ways.snapshot()).toMatchObject({ way: { code: 'ladder_unavailable' }, quality: { kind: 'auto' }, original });
    expect(capabilities().failed).toBeUndefined();
  });

  it('of a segment that is none is not remembered', () => {
    const { ways, done } = control(fits);
    expect(ways.fault({ kind: 'media', code: 'E-MEDIA-fragParsingError' })).toBe(true);
    expect(done).toEqual([toLadder('soon')]);
    expect(capabilities().failed).toBeUndefined();
  });

  it.each([401, 403, 429, 0, undefined])('that says nothing of the file (%s) is told', (status) => {
    const { ways, done } = control(fits);
    expect(ways.fault(answer(status))).toBe(false);
    expect(done).toEqual([]);
  });

  it('of the ladder is told', () => {
    const { ways } = control(because('ladder_codec'));
    expect([ways.fault(media), ways.fault(answer(500))]).toEqual([false, false]);
  });

  it('is also data that is not shown', () => {
    const { done, look, seconds, ways } = control(fits);
    seconds(10, () => {
      look.positionS = 100;
    });
    expect(done).toEqual([toLadder('anew')]);
    expect(ways.snapshot().way.code).toBe('ladder_failed');
  });
});

describe('the automatic choice', () => {
  it('leaves a slow Original when its buffer shrinks, and comes back', () => {
    const { done, look, stats, seconds, ways } = control(fits);
    stats.throughput = 4e6;
    seconds(50, () => {
      if (ways.snapshot().way.kind === 'original') look.bufferedS -= 0.5;
    });
    expect(done).toHaveLength(1);
    expect(done[0]).toMatch(/^soon \/media\/t\/m.m3u8/);
    expect(ways.snapshot().way.code).toBe('ladder_slow');
    Object.assign(stats, { throughput: 20e6 });
    look.bufferedS = 30;
    seconds(70);
    expect(done[1]).toMatch(/^soon \/media\/t\/original/);
  });

  it.each(['ladder_range', 'ladder_turned', 'ladder_failed', 'ladder_failed_before', 'ladder_unavailable', 'ladder_chosen'])(
    'does not undo %s',
    (code) => {
      const { done, seconds } = control(because(code));
      seconds(100);
      expect(done).toEqual([]);
    },
  );

  it('is off while a rung is chosen', () => {
    const { done, seconds } = control(because('ladder_network'), { kind: 'rung', height: 540 });
    seconds(100);
    expect(done).toEqual([]);
  });
});

it('takes the newer address of the stream that plays', () => {
  const renewed = { manifest: '/media/n/m.m3u8', original: { ...original, manifest: '/media/n/original/m.m3u8' } };
  expect(control(fits).ways.renew(renewed)).toBe('/media/n/original/m.m3u8');
  expect(control(because('ladder_codec')).ways.renew(renewed)).toBe('/media/n/m.m3u8');
});

it.each([
  ['its new address', { ...original, manifest: '/media/n/original/m.m3u8?copies=a1' }, '/media/n/original/m.m3u8?copies=a1'],
  ['its old address with the new token, when the server has not opened the file yet', undefined, '/media/n/original/m.m3u8'],
])('a newer token gives Original %s', (_, newer, expected) => {
  expect(control(fits).ways.renew({ manifest: '/media/n/m.m3u8', original: newer })).toBe(expected);
  expect(control(because('ladder_slow')).ways.renew({ manifest: '/media/n/m.m3u8', original: newer })).toBe('/media/n/m.m3u8');
});
