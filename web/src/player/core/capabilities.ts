import type { DeviceCapabilities } from '../../api/types';
import { load, save } from '../../lib/storage';
import { type Source, turnsPictures } from './turning';

/**
 * CODECS strings (RFC 6381) that the browser is asked about: the levels and profiles that films have. The server reads an answer
 * for `hvc1.1.6.L120.B0` as all of Main up to level 4. AVC: ISO/IEC 14496-15 annex E, AV1 and VP9: their ISOBMFF bindings.
 * @internal
 */
export const probed = [
  ...['42E01F', '4D4029', '640028', '64002A', '640033', '640034', '6E0033'].map((avc) => `avc1.${avc}`),
  ...['1.6', '2.4'].flatMap((profile) => ['93', '120', '123', '150', '153'].map((level) => `hvc1.${profile}.L${level}.B0`)),
  ...['08', '10'].flatMap((depth) => ['04', '08', '12'].map((level) => `av01.0.${level}M.${depth}`)),
  ...['00.10.08', '00.40.08', '00.51.08', '02.10.10', '02.51.10'].map((vp9) => `vp09.${vp9}`),
  ...['mp4a.40.2', 'mp4a.40.5', 'mp4a.6B', 'opus', 'flac', 'ac-3', 'ec-3'],
];

/** The questions that the browser answers; a fake in tests. */
interface Browser {
  /** undefined without Media Source Extensions */ plays: ((type: string) => boolean) | undefined;
  /** canPlayType of a video element */ native: (type: string) => string;
  matches: (query: string) => boolean;
  screen: { width: number; height: number };
  pixelRatio: number;
}

/** The part of a device's capabilities that does not change while a page is open. */
type Facts = Pick<DeviceCapabilities, 'codecs' | 'ranges' | 'width' | 'height' | 'engine'>;

/** What the browser says of itself. Codecs are asked for in fragmented MP4, which the server's segments are. @internal */
export function factsOf(browser: Browser): Facts {
  const { plays, native } = browser;
  const yes = (type: string) => (plays ? plays(type) : native(type) !== '');
  const codecs = probed.filter((codec) => yes(`${/^(mp4a|opus|flac|ac-3|ec-3)/.test(codec) ? 'audio' : 'video'}/mp4; codecs="${codec}"`));
  const { width, height } = pixels(browser);
  // Media queries know no transfer function: a screen of high dynamic range shows PQ and HLG alike.
  const ranges: Facts['ranges'] = browser.matches('(dynamic-range: high)') ? ['SDR', 'HLG', 'PQ'] : ['SDR'];
  return { codecs, ranges, width, height, engine: plays ? 'mse' : 'native' };
}

/** The longer side first: a phone that is held upright is turned to watch a film. */
function pixels({ screen, pixelRatio }: Browser): { width: number; height: number } {
  const ratio = pixelRatio > 0 ? pixelRatio : 1;
  const pixelsOf = (side: number) => (side > 0 ? Math.round(side * ratio) : 0);
  const [height = 0, width = 0] = [pixelsOf(screen.width), pixelsOf(screen.height)].sort((a, b) => a - b);
  return { width, height };
}

type MediaSourceClass = Source & { isTypeSupported?: (type: string) => boolean };

function mediaSource(): MediaSourceClass | undefined {
  // Browser globals that the DOM types do not have everywhere: ManagedMediaSource is all that iPhones have.
  const { ManagedMediaSource, MediaSource } = window as { ManagedMediaSource?: MediaSourceClass; MediaSource?: MediaSourceClass };
  return MediaSource ?? ManagedMediaSource;
}

function thisBrowser(): Browser {
  const source = mediaSource();
  return {
    plays: source?.isTypeSupported && ((type) => source.isTypeSupported?.(type) ?? false),
    native: (type) => document.createElement('video').canPlayType(type),
    matches: (query) => window.matchMedia?.(query).matches ?? false,
    screen: window.screen,
    pixelRatio: window.devicePixelRatio,
  };
}

let known: Facts | undefined;

/** What this device can do, for the start of a playback: asked once per page load, joined with what earlier playbacks left. */
export function capabilities(): DeviceCapabilities {
  if (!known) {
    known = factsOf(thisBrowser());
    if (known.engine === 'mse' && known.codecs.length > 0) learnTurning();
  }
  const carriedBps = Number(load('bandwidth')) || undefined;
  const failed = failedCodecs();
  return { ...known, carriedBps, failed: failed.length > 0 ? failed : undefined, turns: turns() };
}

/** Whether this version of the browser turns pictures; undefined until it was asked. */
function turns(): boolean | undefined {
  const known = load('turns');
  if (known === `yes ${navigator.userAgent}`) return true;
  return known === `no ${navigator.userAgent}` ? false : undefined;
}

/** Asks the browser once for each of its versions. The next start has the answer: a film that is turned is rare. */
function learnTurning(): void {
  const source = mediaSource();
  if (!source || turns() !== undefined) return;
  void turnsPictures(source).then((yes) => save('turns', `${yes ? 'yes' : 'no'} ${navigator.userAgent}`));
}

interface Failure {
  codecs: string;
  /** Unix milliseconds */ atMs: number;
  /** the browser and its version: a newer one is tried again */ agent: string;
}

/** A month: the driver or the screen may be another by then. */
const memoryMs = 30 * 24 * 3_600_000;

/** Failures that are kept; the oldest is dropped. */
const most = 20;

/** CODECS strings of Original streams that this browser could not decode. */
function failedCodecs(): string[] {
  return failures().map(({ codecs }) => codecs);
}

/** Remembers that an Original stream of these CODECS could not be decoded here. */
export function rememberFailed(codecs: string): void {
  const others = failures().filter((one) => one.codecs !== codecs);
  const failure: Failure = { codecs, atMs: Date.now(), agent: navigator.userAgent };
  save('undecodable', JSON.stringify([failure, ...others].slice(0, most)));
}

function failures(): Failure[] {
  try {
    const list: unknown = JSON.parse(load('undecodable') ?? '[]');
    if (!Array.isArray(list)) return [];
    const now = Date.now();
    return (list as Failure[]).filter(({ agent, atMs }) => agent === navigator.userAgent && now - atMs < memoryMs);
  } catch {
    return [];
  }
}
