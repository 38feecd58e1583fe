import { beforeEach, describe, expect, it, vi } from 'vitest';
import { save } from '../../lib/storage';
import { capabilities, factsOf, probed, rememberFailed } from './capabilities';

const browser = {
  plays: (type: string) => type.includes('avc1') || type.includes('mp4a.40'),
  native: () => '',
  matches: () => false,
  screen: { width: 412, height: 915 },
  pixelRatio: 2.625,
};

describe('what a browser says of itself', () => {
  it('is the codecs it plays in MP4, and its screen in device pixels, lying', () => {
    const facts = factsOf(browser);
    expect(facts.codecs).toEqual(probed.filter((codec) => /^(avc1|mp4a\.40)/.test(codec)));
    expect(facts).toMatchObject({ ranges: ['SDR'], width: 2402, height: 1082, engine: 'mse' });
  });

  it('asks about sound as sound and about pictures as pictures', () => {
    const asked: string[] = [];
    factsOf({ ...browser, plays: (type) => asked.push(type) > 0 });
    expect(asked).toContain('audio/mp4; codecs="ec-3"');
    expect(asked).toContain('video/mp4; codecs="hvc1.2.4.L153.B0"');
    expect(asked).toContain('video/mp4; codecs="av01.0.08M.10"');
    expect(new Set(asked).size).toBe(probed.length);
  });

  it.each([
    ['probably', probed.length],
    ['maybe', probed.length],
    ['', 0],
  ])('without Media Source counts canPlayType "%s"', (answer, count) => {
    const facts = factsOf({ ...browser, plays: undefined, native: () => answer });
    expect(facts.engine).toBe('native');
    expect(facts.codecs).toHaveLength(count);
  });

  it('shows both high ranges on a screen of high dynamic range', () => {
    expect(factsOf({ ...browser, matches: (query) => query === '(dynamic-range: high)' }).ranges).toEqual(['SDR', 'HLG', 'PQ']);
  });

  it.each([0, Number.NaN, -1])('does not multiply by a pixel ratio of %d', (pixelRatio) => {
    expect(factsOf({ ...browser, pixelRatio })).toMatchObject({ width: 915, height: 412 });
  });

  it('says nothing of a screen without a size', () => {
    expect(factsOf({ ...browser, screen: { width: 0, height: 0 } })).toMatchObject({ width: 0, height: 0 });
  });
});

describe('what earlier playbacks left', () => {
  beforeEach(() => {
    save('undecodable', '[]');
    save('bandwidth', '');
  });

  it('is nothing at first', () => {
    expect(capabilities()).toMatchObject({ carriedBps: undefined, failed: undefined });
  });

  it('is the throughput of the last one', () => {
    save('bandwidth', '7300000');
    expect(capabilities().carriedBps).toBe(7_300_000);
  });

  it('is each failed codec once, the last first', () => {
    for (const codecs of ['avc1.640028,mp4a.40.2', 'hvc1.1.6.L93.B0', 'avc1.640028,mp4a.40.2']) rememberFailed(codecs);
    expect(capabilities().failed).toEqual(['avc1.640028,mp4a.40.2', 'hvc1.1.6.L93.B0']);
  });

  it('is forgotten after a month, and by another browser', () => {
    rememberFailed('avc1.640028');
    vi.setSystemTime(Date.now() + 31 * 24 * 3_600_000);
    expect(capabilities().failed).toBeUndefined();
    vi.useRealTimers();
    save('undecodable', JSON.stringify([{ codecs: 'avc1.640028', atMs: Date.now(), agent: 'an older one' }]));
    expect(capabilities().failed).toBeUndefined();
  });

  it.each(['{', '{}', '3', 'null'])('does without a store that holds %s', (text) => {
    save('undecodable', text);
    expect(capabilities().failed).toBeUndefined();
  });
});
