import { asProblem } from '../../api/problem';
import type { Player } from './player';

/** A 4xx this soon after a refresh, in milliseconds, is not caused by an expired token. */
const soon = 15_000;

/**
 * A 4xx of the media plane may mean an expired token, as after a laptop's sleep: the token is refreshed and playback
 * resumes. Other reasons call `end`: the session was stopped elsewhere, or the stream limit is reached.
 */
export function refreshRefusedToken(player: Player, refresh: () => Promise<unknown>, end: (error: unknown) => void): () => void {
  let renewed = Number.NEGATIVE_INFINITY;
  let asking = false;
  return player.subscribe(() => {
    const { fault } = player.snapshot();
    const status = fault?.kind === 'network' ? fault.status : undefined;
    if (asking || status === undefined || status < 400 || status > 499) return;
    if (performance.now() - renewed < soon) return;
    renewed = performance.now();
    asking = true;
    const goOn = () => {
      asking = false;
      // The media plane's 429 does not list the streams; starting a new session does.
      if (status === 429) end(undefined);
      else player.retry();
    };
    const refused = (error: unknown) => {
      asking = false;
      if (asProblem(error).status >= 400) end(error);
    };
    refresh().then(goOn, refused);
  });
}
