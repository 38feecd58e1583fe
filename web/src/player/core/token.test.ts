import { describe, expect, it } from 'vitest';
import { tokenRefreshDelay, withToken } from './token';

describe('the token of a playback', () => {
  it('is exchanged in the path, with and without an origin', () => {
    const fresh = '/media/new/multivariant.m3u8';
    expect(withToken('/media/old/v540/00042.m4s', fresh)).toBe('/media/new/v540/00042.m4s');
    expect(withToken('http://nas.local:8099/media/old/a/init.mp4', fresh)).toBe('http://nas.local:8099/media/new/a/init.mp4');
    expect(withToken('/media/old/x', `http://nas.local${fresh}`)).toBe('/media/new/x');
  });

  it('is no matter of what lies elsewhere', () => {
    expect(withToken('https://cdn.example.org/seg/1.m4s?sig=a', '/media/new/m.m3u8')).toBe('https://cdn.example.org/seg/1.m4s?sig=a');
    expect(withToken('/media/old/x', '/somewhere/else.m3u8')).toBe('/media/old/x');
  });

  it('is renewed at half its life, never too often and never too late', () => {
    expect(tokenRefreshDelay(300_000, 0)).toBe(150_000);
    expect(tokenRefreshDelay(10_000, 60_000)).toBe(20_000);
    expect(tokenRefreshDelay(3_600_000, 0)).toBe(240_000);
    expect(tokenRefreshDelay(undefined, 0)).toBe(240_000);
  });
});
