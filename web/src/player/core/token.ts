/** The path prefix of a session's media. It holds the media token, which is valid for minutes (docs/architecture.md). */
const tokenPrefix = /^(https?:\/\/[^/]+)?\/media\/[^/]+\//;

/** Replaces the token in a media URL by that of a newer manifest. URLs of a store or CDN stay unchanged. */
export function withToken(url: string, manifest: string): string {
  const prefix = tokenPrefix.exec(manifest)?.[0].replace(/^https?:\/\/[^/]+/, '');
  return prefix ? url.replace(tokenPrefix, (_, origin = '') => origin + prefix) : url;
}

const soonest = 20_000;
const latest = 4 * 60_000;

/** Milliseconds until the token is refreshed: half its lifetime, within bounds that tolerate clock skew. */
export function tokenRefreshDelay(expiresMs: number | undefined, now: number): number {
  const half = expiresMs === undefined ? latest : (expiresMs - now) / 2;
  return Math.min(latest, Math.max(soonest, half));
}
