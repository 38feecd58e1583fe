import type { PlayState } from '../../api/types';
import type { Phase } from './machine';
import type { Player } from './player';

export interface Reporter {
  progress(positionMs: number, state: PlayState): Promise<unknown>;
  /** Asks how far the rungs are; called only while the ladder is unfinished. */
  refresh(): Promise<unknown>;
  stop(positionMs: number): void;
}

const every = 10_000;

const states: Partial<Record<Phase, PlayState>> = { playing: 'playing', paused: 'paused', ended: 'paused', buffering: 'buffering' };

/**
 * Tells the server where the viewer is: every ten seconds, on a pause and after a seek; and that it is over when the page
 * goes away. A report that is lost is replaced by the next one.
 */
export function heartbeat(player: Player, reporter: Reporter): () => void {
  const ignore = () => undefined;
  const report = () => {
    const { phase, positionMs } = player.snapshot();
    const state = states[phase];
    if (state) reporter.progress(Math.round(positionMs), state).catch(ignore);
  };
  const beat = setInterval(() => {
    report();
    if (player.snapshot().renditions.some((one) => !one.complete)) reporter.refresh().catch(ignore);
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
