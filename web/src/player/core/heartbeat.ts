import type { PlayState } from '../../api/types';
import type { Phase } from './machine';
import type { Player } from './player';
import { tokenRefreshDelay } from './token';

export interface Reporter {
  /** because: code of the reason for the stream that plays */
  progress(positionMs: number, state: PlayState, because: string): Promise<unknown>;
  /** Refetches the session: encoding progress and a new token. Returns the token's expiry in Unix milliseconds. */
  refresh(): Promise<number | undefined>;
  stop(positionMs: number): void;
}

const every = 10_000;

const states: Partial<Record<Phase, PlayState>> = { playing: 'playing', paused: 'paused', ended: 'paused', buffering: 'buffering' };

/**
 * Reports the position to the server: every ten seconds, on a pause and after a seek; and the end when the page is left.
 * Renews the token in time. A lost report is replaced by the next one.
 */
export function heartbeat(player: Player, reporter: Reporter, expiresMs?: number): () => void {
  const ignore = () => undefined;
  const report = () => {
    const { phase, positionMs, way } = player.snapshot();
    const state = states[phase];
    if (state) reporter.progress(Math.round(positionMs), state, way.code).catch(ignore);
  };
  let renewAt = Date.now() + tokenRefreshDelay(expiresMs, Date.now());
  const refresh = async () => {
    const expires = await reporter.refresh();
    renewAt = Date.now() + tokenRefreshDelay(expires, Date.now());
  };
  const beat = setInterval(() => {
    report();
    const { way, renditions } = player.snapshot();
    const unfinished = way.kind === 'ladder' && renditions.some((one) => !one.complete);
    if (unfinished || Date.now() >= renewAt) refresh().catch(ignore);
  }, every);

  const { video } = player;
  const events = ['pause', 'seeked', 'ended'];
  for (const name of events) video.addEventListener(name, report);
  const leave = () => reporter.stop(Math.round(player.snapshot().positionMs));
  window.addEventListener('pagehide', leave);

  return () => {
    clearInterval(beat);
    for (const name of events) video.removeEventListener(name, report);
    window.removeEventListener('pagehide', leave);
    leave();
  };
}
