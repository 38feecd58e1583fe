import type { HlsConfig, LoadPolicy, RetryConfig } from 'hls.js';
import type { RenditionState } from '../../api/types';
import type { Device } from '../../lib/device';
import type { AutoRange, Level } from './engine';

/**
 * The hls.js configuration. A missing segment is encoded while its request waits, so waiting is normal here: the first byte
 * may take a minute, and a 503 means "retry".
 */
export function hlsConfig(device: Device, workerPath: string, bandwidth: number | undefined): Partial<HlsConfig> {
  const tv = device === 'tv';
  return {
    autoStartLoad: false,
    enableWorker: true,
    workerPath,
    progressive: false,
    interstitialsController: undefined, // there are none, and it begins to load at a place of its own
    maxBufferLength: tv ? 20 : 30,
    maxMaxBufferLength: tv ? 30 : 60,
    maxBufferSize: (tv ? 24 : 60) * 1000 * 1000,
    backBufferLength: tv ? 10 : 30,
    capLevelToPlayerSize: device === 'phone', // on a TV, CSS pixels do not match the panel
    abrEwmaDefaultEstimate: bandwidth ?? 5_000_000,
    abrBandWidthUpFactor: 0.6, // switch up late: the next rung may not be encoded yet
    fragLoadPolicy: { default: patient(70_000, 180_000) },
    playlistLoadPolicy: { default: patient(70_000, 90_000) },
    manifestLoadPolicy: { default: patient(70_000, 90_000) },
  };
}

/** Timeouts in milliseconds until the first and the last byte. */
function patient(maxTimeToFirstByteMs: number, maxLoadTimeMs: number): LoadPolicy['default'] {
  return {
    maxTimeToFirstByteMs,
    maxLoadTimeMs,
    timeoutRetry: { maxNumRetry: 3, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 6, retryDelayMs: 800, maxRetryDelayMs: 6000, backoff: 'exponential', shouldRetry: retryBroken },
  };
}

/** A broken connection has no status; hls.js takes that for a CORS failure and would give up at once. */
const retryBroken: NonNullable<RetryConfig['shouldRetry']> = (policy, count, _, response, retry) =>
  retry || (response?.code === 0 && count < (policy?.maxNumRetry ?? 0));

/**
 * The bounds of automatic level selection during an encode. The rung the server lists first is the one this
 * machine makes fast; a rung that is not finished is left alone, because moving onto it would start a second encode at
 * the viewer's position. A viewer who picks such a rung by hand still gets it.
 */
export function autoRange(levels: Level[], first: number, renditions: RenditionState[]): AutoRange {
  const complete = (level: Level) => renditions.some((one) => one.kind === 'video' && one.height === level.height && one.complete);
  let min = first;
  let max = first;
  while (min > 0 && levels.slice(0, min).some(complete) && complete(levels[min - 1] as Level)) min -= 1;
  for (let at = first + 1; at < levels.length && complete(levels[at] as Level); at += 1) max = at;
  return { min, max };
}

/**
 * The level to begin with on a connection that carries no more than so many bits per second: the first one or the highest below it
 * that fits with a fifth to spare, else the lowest. Encoding a lower rung costs less than waiting for a higher one.
 */
export function carriedLevel(levels: { bitrate: number }[], first: number, carriedBps = Number.POSITIVE_INFINITY): number {
  for (let at = first; at > 0; at -= 1) if ((levels[at]?.bitrate ?? 0) * 1.2 <= carriedBps) return at;
  return 0;
}
