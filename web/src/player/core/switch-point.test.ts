import { afterEach, describe, expect, it, vi } from 'vitest';
import { segmentBegins, switchPoint, variantOf } from './switch-point';

const multivariant = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="a/media.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=960x540,CODECS="avc1"
v540/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2,CODECS="avc1",RESOLUTION=1920x1080
v1080/media.m3u8
`;
const media = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4.00000,\n0.m4s\n#EXTINF:6.5,\n1.m4s\n#EXTINF:2,\n2.m4s\n#EXT-X-ENDLIST\n';

it.each([
  [undefined, 'v540/media.m3u8'],
  [540, 'v540/media.m3u8'],
  [1080, 'v1080/media.m3u8'],
  [720, 'v540/media.m3u8'],
])('finds the variant of height %s', (height, expected) => {
  expect(variantOf(multivariant, height)).toBe(expected);
  expect(variantOf(multivariant.replace(/\n/g, '\r\n'), height)).toBe(expected);
});

it('adds up where segments begin', () => {
  expect(segmentBegins(media)).toEqual([0, 4, 10.5]);
  expect(segmentBegins('')).toEqual([]);
});

describe('the point where another stream begins', () => {
  const serve = (files: Record<string, string>) =>
    vi.stubGlobal('fetch', async (url: string) => {
      const body = Object.entries(files).find(([name]) => url.endsWith(name))?.[1];
      return { ok: body !== undefined, status: body === undefined ? 404 : 200, text: async () => body };
    });
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    [{ from: 1, to: 5 }, 4],
    [{ from: 4.5, to: 20 }, 10.5],
    [{ from: 4.5, to: 9 }, undefined],
    [{ from: 11, to: 20 }, undefined],
  ])('between %o is %s', async (search, expected) => {
    serve({ '/media/t/m.m3u8': multivariant, '/media/t/v540/media.m3u8': media });
    expect(await switchPoint('/media/t/m.m3u8', search)).toBe(expected);
  });

  it('is unknown when a playlist cannot be read', async () => {
    serve({ '/m.m3u8': multivariant });
    expect(await switchPoint('/m.m3u8', { from: 0, to: 9 })).toBeUndefined();
    serve({ '/m.m3u8': '#EXTM3U' });
    expect(await switchPoint('/m.m3u8', { from: 0, to: 9 })).toBeUndefined();
  });
});
