/** Everything of one playback lies under a token in the path (ARCHITECTURE.md, media plane), which is good for minutes. */
const tokenPrefix = /^(https?:\/\/[^/]+)?\/media\/[^/]+\//;

/** The same address under the token of a newer playlist's; one that lies elsewhere, such as a store's, stays as it is. */
export function withToken(url: string, manifest: string): string {
  const prefix = tokenPrefix.exec(manifest)?.[0].replace(/^https?:\/\/[^/]+/, '');
  return prefix ? url.replace(tokenPrefix, (_, origin = '') => origin + prefix) : url;
}

const soonest = 20_000;
const latest = 4 * 60_000;

/** How long to wait before the token is renewed: half its life, however the clocks of the two machines differ. */
export function tokenRefreshDelay(expiresMs: number | undefined, now: number): number {
  const half = expiresMs === undefined ? latest : (expiresMs - now) / 2;
  return Math.min(latest, Math.max(soonest, half));
}
