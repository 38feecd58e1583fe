import type { Method, Path, Request, Result } from './operations';
import { Problem, problemOf } from './problem';
import type * as api from './types';

/** Base of the control plane API. Cookies carry the sign-in; an expired access cookie is renewed once per call. */
const base = '/api/v1';

/** Explicit, because fetch omits cookies by default below Chromium 72. */
const credentials = 'same-origin';

let renewal: Promise<boolean> | undefined;
const signInOverListeners = new Set<() => void>();

/** Calls `run` when the server refuses to renew the sign-in. Returns a function that removes the listener. */
export function onSignInOver(run: () => void): () => void {
  signInOverListeners.add(run);
  return () => signInOverListeners.delete(run);
}

const choiceDueListeners = new Set<() => void>();

/** Calls `run` when the server answers nothing before a profile is chosen. Returns a function that removes the listener. */
export function onChoiceDue(run: () => void): () => void {
  choiceDueListeners.add(run);
  return () => choiceDueListeners.delete(run);
}

/** Renews the access cookie. Concurrent failures share one renewal, because the refresh cookie rotates. */
export function renewSignIn(): Promise<boolean> {
  renewal ??= fetch(`${base}/auth/refresh`, { method: 'POST', credentials })
    .then((response) => {
      if (response.status === 401) for (const run of signInOverListeners) run();
      return response.ok;
    })
    .catch(() => false)
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

async function send(method: string, address: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const file = body instanceof Blob;
  if (body !== undefined) headers['Content-Type'] = file ? body.type : 'application/json';
  try {
    return await fetch(base + address, {
      method,
      signal,
      credentials,
      headers,
      body: body === undefined || file ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, 'offline', error instanceof Error ? error.message : '');
  }
}

/** Paths whose 401 refuses the credentials in the body; it does not mean that the sign-in expired. */
const unsigned = ['/auth/sign-in', '/auth/refresh', '/auth/sign-out'];

type Values = Record<string, string | number | undefined>;

/** Fills the {names} of a path in and appends the query without its empty values. */
function addressOf(path: string, values: Values = {}, query: Values = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length > 0 ? `${filled}?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}` : filled;
}

/** Calls one operation of the OpenAPI document. A body is sent as JSON, a file as it is. */
export const call = async <M extends Method, P extends Path<M>>(method: M, path: P, ...[request]: Request<M, P>): Promise<Result<M, P>> => {
  const { path: values, query, body, signal } = (request ?? {}) as { path?: Values; query?: Values; body?: unknown; signal?: AbortSignal };
  const run = () => send(method.toUpperCase(), addressOf(path, values, query), body, signal);
  let response = await run();
  if (response.status === 401 && !unsigned.includes(path) && (await renewSignIn())) response = await run();
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === 'profile_choice_due') for (const run of choiceDueListeners) run();
    throw problem;
  }
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as Result<M, P>;
};

/**
 * Fetches the signed-in account and profile. An expired access cookie gets an answer without an account, and the HttpOnly
 * refresh cookie is invisible to scripts: so an anonymous answer triggers one renewal and a second request. The access
 * cookie of an ended sign-in is refused with 401; the renewal that follows clears it, and the repeated request succeeds.
 * At the `start` of the app an account may ask who is watching.
 */
async function bootstrap(signal?: AbortSignal, start = false): Promise<api.Bootstrap> {
  const ask = () => call('get', '/bootstrap', { query: { start: start || undefined }, signal });
  const found = await ask().catch((error: unknown) => {
    if (error instanceof Problem && error.status === 401) return ask();
    throw error;
  });
  return !found.account && !found.setupNeeded && (await renewSignIn()) ? ask() : found;
}

export const server = {
  bootstrap,
  setup: (body: { email: string; name: string; password: string; folders: string[] }) => call('post', '/setup', { body }),
  folders: (path: string, signal?: AbortSignal) => call('get', '/setup/folders', { query: { path }, signal }),
  signIn: (body: { email: string; password: string; remember: boolean }) => call('post', '/auth/sign-in', { body }),
  signOut: () => call('post', '/auth/sign-out'),

  home: (signal?: AbortSignal) => call('get', '/home', { signal }),
  titles: ({ of: _, ...browse }: api.Browse, cursor: string | undefined, signal?: AbortSignal) =>
    call('get', '/titles', { query: { ...browse, cursor, limit: 60 }, signal }),
  title: (id: string, signal?: AbortSignal) => call('get', '/titles/{id}', { path: { id }, signal }),
  forget: (titleId: string) => call('delete', '/progress/{titleId}', { path: { titleId } }),

  play: (body: api.StartPlayback) => call('post', '/sessions', { body }),
  session: (id: string) => call('get', '/sessions/{id}', { path: { id } }),
  progress: (id: string, positionMs: number, state: api.PlayState, because?: string) =>
    call('post', '/sessions/{id}/progress', { path: { id }, body: { positionMs, state, because } }),
  /** Sent while the page unloads, so it cannot wait for an answer. */
  stop(id: string, positionMs: number): void {
    const body = JSON.stringify({ positionMs });
    const address = base + addressOf('/sessions/{id}/stop' satisfies Path<'post'>, { id });
    if (!navigator.sendBeacon?.(address, body))
      void fetch(address, { method: 'POST', body, keepalive: true, credentials }).catch(() => undefined);
  },

  library: (signal?: AbortSignal) => call('get', '/library', { signal }),
  addRoot: (path: string) => call('post', '/library/roots', { body: { path } }),
  removeRoot: (id: string) => call('delete', '/library/roots/{id}', { path: { id } }),
  scan: () => call('post', '/library/scan'),
  attention: (signal?: AbortSignal) => call('get', '/library/attention', { signal }),
  retryFile: (fileId: string) => call('post', '/library/attention/{fileId}/retry', { path: { fileId } }),
  jobs: (signal?: AbortSignal) => call('get', '/jobs', { signal }),
  system: (signal?: AbortSignal) => call('get', '/system', { signal }),
};
