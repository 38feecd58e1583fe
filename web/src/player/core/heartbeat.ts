import type { PlayState } from '../../api/types';
import type { Phase } from './machine';
import type { Player } from './player';
import { tokenRefreshDelay } from './token';

export interface Reporter {
  progress(positionMs: number, state: PlayState): Promise<unknown>;
  /** Asks how far the rungs are, and for a token that lives longer; gives when that ends, Unix milliseconds. */
  refresh(): Promise<number | undefined>;
  stop(positionMs: number): void;
}

const every = 10_000;

const states: Partial<Record<Phase, PlayState>> = { playing: 'playing', paused: 'paused', ended: 'paused', buffering: 'buffering' };

/**
 * Tells the server where the viewer is: every ten seconds, on a pause and after a seek; and that it is over when the page
 * goes away. The token is renewed on the way. A report that is lost is replaced by the next one.
 */
export function heartbeat(player: Player, reporter: Reporter, expiresMs?: number): () => void {
  const ignore = () => undefined;
  const report = () => {
    const { phase, positionMs } = player.snapshot();
    const state = states[phase];
    if (state) reporter.progress(Math.round(positionMs), state).catch(ignore);
  };
  let renewAt = Date.now() + tokenRefreshDelay(expiresMs, Date.now());
  const refresh = async () => {
    const expires = await reporter.refresh();
    renewAt = Date.now() + tokenRefreshDelay(expires, Date.now());
  };
  const beat = setInterval(() => {
    report();
    const unfinished = player.snapshot().renditions.some((one) => !one.complete);
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
