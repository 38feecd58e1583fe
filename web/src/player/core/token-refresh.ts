import { asProblem } from '../../api/problem';
import type { Player } from './player';

/** A second refusal this soon after a renewal is not about the token's age. */
const soon = 15_000;

/**
 * When the server refuses media, the token may only be too old, as after a laptop's sleep: it is renewed, and the picture
 * goes on. `end` is told when it is something else: the playback was stopped elsewhere, or others hold every place.
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
      // The media plane's 429 names nobody: asking for a new playback does.
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
