import type HlsModule from 'hls.js';

/**
 * How often the player is looked at, and for how long it may stand still, in milliseconds: longer than the longest pause before
 * hls.js loads again by itself (options.ts), because to begin anew would begin its count of tries anew, and no end would show.
 */
const interval = 2_000;
const patience = 8_000;

/**
 * Makes hls.js load again when playback stands still although nothing is being loaded: after errors at the start of a film it
 * may come to an end without a fatal error, and nothing would ever play. `position` is where to go on, in seconds.
 * Returns a function that ends the watch.
 */
export function loadAgainAtStandstill(
  hls: HlsModule,
  events: typeof HlsModule.Events,
  video: HTMLVideoElement,
  position: () => number | undefined,
): () => void {
  const loading = new Set<string>();
  let stirred = false;
  hls.on(events.FRAG_LOADING, (_, { frag }) => {
    stirred = true;
    loading.add(frag.type);
  });
  hls.on(events.FRAG_LOADED, (_, { frag }) => {
    stirred = true;
    loading.delete(frag.type);
  });
  hls.on(events.ERROR, (_, { frag }) => {
    stirred = true;
    if (frag) loading.delete(frag.type);
  });
  let last = -1;
  let still = 0;
  const timer = setInterval(() => {
    const at = video.currentTime;
    const waits = !video.paused && !video.ended && video.readyState < video.HAVE_FUTURE_DATA;
    still = waits && at === last && loading.size === 0 && !stirred ? still + interval : 0;
    last = at;
    stirred = false;
    if (still < patience) return;
    still = 0;
    const from = position();
    if (from === undefined) return;
    hls.stopLoad();
    hls.startLoad(from);
  }, interval);
  return () => clearInterval(timer);
}
