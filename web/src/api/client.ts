import { Problem, problemOf } from './problem';
import type * as api from './types';

/** Every call to the control plane. Cookies carry the sign-in; an access cookie that ran out is renewed once per call. */
const base = '/api/v1';

/** Said aloud, because below Chromium 72 cookies are left out unless they are asked for. */
const credentials = 'same-origin';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let renewing: Promise<boolean> | undefined;
const mourners = new Set<() => void>();

/** Calls `run` whenever the server refuses to renew a sign-in: it is over. The returned function ends that. */
export function onSignInOver(run: () => void): () => void {
  mourners.add(run);
  return () => mourners.delete(run);
}

/** Renews the access cookie; calls that fail together share one renewal, because the refresh cookie rotates. */
export function renew(): Promise<boolean> {
  renewing ??= fetch(`${base}/auth/refresh`, { method: 'POST', credentials })
    .then((response) => {
      if (response.status === 401) for (const run of mourners) run();
      return response.ok;
    })
    .catch(() => false)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

async function send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const file = body instanceof Blob;
  if (body !== undefined) headers['Content-Type'] = file ? body.type : 'application/json';
  try {
    return await fetch(base + path, {
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

/** Paths whose 401 says that what was typed is wrong, not that the sign-in ran out. */
const unsigned = ['/auth/sign-in', '/auth/refresh', '/auth/sign-out'];

/** A body is sent as JSON, a file as it is. */
export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response = await send(method, path, body, signal);
  if (response.status === 401 && !unsigned.includes(path) && (await renew())) response = await send(method, path, body, signal);
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/**
 * Who is here. An access cookie that ran out looks like nobody, and whether a refresh cookie is there cannot be seen from
 * here: so a stranger is asked about twice. An access cookie whose sign-in was ended is refused; the refresh that follows
 * clears it, and the next question is answered.
 */
async function bootstrap(signal?: AbortSignal): Promise<api.Bootstrap> {
  const ask = () => call<api.Bootstrap>('GET', '/bootstrap', undefined, signal);
  const found = await ask().catch((error: unknown) => {
    if (error instanceof Problem && error.status === 401) return ask();
    throw error;
  });
  return !found.account && !found.setupNeeded && (await renew()) ? ask() : found;
}

export const part = encodeURIComponent;

export function query(values: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length > 0 ? `?${pairs.map(([key, value]) => `${key}=${part(String(value))}`).join('&')}` : '';
}

export const server = {
  bootstrap,
  setup: (body: { email: string; name: string; password: string; folders: string[] }) => call<api.Bootstrap>('POST', '/setup', body),
  folders: (path: string, signal?: AbortSignal) => call<api.FolderListing>('GET', `/setup/folders${query({ path })}`, undefined, signal),
  signIn: (body: { email: string; password: string; remember: boolean }) => call<api.Bootstrap>('POST', '/auth/sign-in', body),
  signOut: () => call<void>('POST', '/auth/sign-out'),

  home: (signal?: AbortSignal) => call<api.Home>('GET', '/home', undefined, signal),
  titles: (browse: api.Browse, cursor: string | undefined, signal?: AbortSignal) =>
    call<api.TitlePage>('GET', `/titles${query({ ...browse, of: undefined, cursor, limit: 60 })}`, undefined, signal),
  title: (id: string, signal?: AbortSignal) => call<api.TitleDetail>('GET', `/titles/${part(id)}`, undefined, signal),
  forget: (titleId: string) => call<void>('DELETE', `/progress/${part(titleId)}`),

  play: (titleId: string, startMs?: number, fileId?: string) => call<api.PlaySession>('POST', '/sessions', { titleId, startMs, fileId }),
  session: (id: string) => call<api.PlaySession>('GET', `/sessions/${part(id)}`),
  progress: (id: string, positionMs: number, state: api.PlayState) =>
    call<void>('POST', `/sessions/${part(id)}/progress`, { positionMs, state }),
  /** Leaves with the page, so it must not need an answer. */
  stop(id: string, positionMs: number): void {
    const body = JSON.stringify({ positionMs });
    const path = `${base}/sessions/${part(id)}/stop`;
    if (!navigator.sendBeacon?.(path, body))
      void fetch(path, { method: 'POST', body, keepalive: true, credentials }).catch(() => undefined);
  },

  library: (signal?: AbortSignal) => call<api.Library>('GET', '/library', undefined, signal),
  addRoot: (path: string) => call<api.LibraryRoot>('POST', '/library/roots', { path }),
  removeRoot: (id: string) => call<void>('DELETE', `/library/roots/${part(id)}`),
  scan: () => call<api.ScanState>('POST', '/library/scan'),
  attention: (signal?: AbortSignal) => call<{ items: api.AttentionItem[] }>('GET', '/library/attention', undefined, signal),
  retryFile: (fileId: string) => call<void>('POST', `/library/attention/${part(fileId)}/retry`),
  jobs: (signal?: AbortSignal) => call<api.Jobs>('GET', '/jobs', undefined, signal),
  system: (signal?: AbortSignal) => call<api.System>('GET', '/system', undefined, signal),
};
