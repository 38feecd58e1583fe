/** What is to be found: where another stream of the film can begin without a hole in the picture. */
interface Search {
  /** height of the variant; the first one that is listed when absent or not there */ height?: number;
  /** seconds: the earliest and the latest begin */ from: number;
  to: number;
}

/** Milliseconds after which the point is of no use any more: it would be in the past. */
const patience = 3000;

/**
 * The begin of a segment between `from` and `to`, in seconds, of the stream of a Multivariant Playlist. A decoder cannot go on inside a
 * segment: pictures that are replaced under it are missed until the next key frame. Undefined when no segment begins there, or the
 * playlists cannot be read.
 */
export function switchPoint(url: string, search: Search): Promise<number | undefined> {
  const tooLate = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience));
  return Promise.race([find(url, search), tooLate]);
}

async function find(url: string, search: Search): Promise<number | undefined> {
  try {
    const address = variantOf(await text(url), search.height);
    if (address === undefined) return undefined;
    const begins = segmentBegins(await text(new URL(address, new URL(url, location.href)).href));
    return begins.find((begin) => begin >= search.from && begin <= search.to);
  } catch {
    return undefined;
  }
}

async function text(url: string): Promise<string> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

/** The address of a variant (RFC 8216bis section 4.4.6.2): EXT-X-STREAM-INF, and its URI in the next line. @internal */
export function variantOf(playlist: string, height?: number): string | undefined {
  const lines = playlist.split(/\r?\n/);
  let first: string | undefined;
  for (let at = 0; at < lines.length - 1; at += 1) {
    const line = lines[at] ?? '';
    if (!line.startsWith('#EXT-X-STREAM-INF:')) continue;
    const address = lines[at + 1];
    first ??= address;
    if (height === undefined || line.includes(`x${height},`) || line.endsWith(`x${height}`)) return address;
  }
  return first;
}

/** When each segment of a Media Playlist begins, in seconds (RFC 8216bis section 4.4.4.1: EXTINF). @internal */
export function segmentBegins(playlist: string): number[] {
  let at = 0;
  const begins: number[] = [];
  for (const line of playlist.split('\n')) {
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (seconds === undefined) continue;
    begins.push(at);
    at += Number(seconds);
  }
  return begins;
}
