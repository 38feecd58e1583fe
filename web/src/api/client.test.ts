import { afterEach, expect, it, vi } from 'vitest';
import { onSignInOver, renewSignIn, server } from './client';
import { asProblem, Problem } from './problem';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

function answers(...responses: Response[]) {
  const fake = vi.fn((_url: string, _init?: RequestInit) => Promise.resolve(responses.shift() ?? json(500, {})));
  vi.stubGlobal('fetch', fake);
  return fake;
}

afterEach(() => vi.unstubAllGlobals());

it('renews an expired sign-in once and asks again', async () => {
  const fake = answers(json(401, { code: 'sign_in_needed' }), new Response(null, { status: 204 }), json(200, { hero: null, rows: [] }));
  expect(await server.home()).toEqual({ hero: null, rows: [] });
  expect(fake.mock.calls.map(([url]) => url)).toEqual(['/api/v1/home', '/api/v1/auth/refresh', '/api/v1/home']);
});

it('renews the sign-in and fetches bootstrap again when it has no account, because the access cookie may have expired', async () => {
  const signedOut = { account: null, setupNeeded: false };
  const fake = answers(json(200, signedOut), new Response(null, { status: 204 }), json(200, { account: { id: 'a' }, setupNeeded: false }));
  expect(await server.bootstrap()).toMatchObject({ account: { id: 'a' } });
  expect(fake.mock.calls.map(([url]) => url)).toEqual(['/api/v1/bootstrap', '/api/v1/auth/refresh', '/api/v1/bootstrap']);

  answers(json(200, signedOut), json(401, { code: 'sign_in_expired' }));
  expect(await server.bootstrap()).toEqual(signedOut);
});

it('fetches bootstrap again after a sign-in that was ended elsewhere', async () => {
  const ended = () => json(401, { code: 'sign_in_expired' });
  const signedOut = { account: null, setupNeeded: false };
  const fake = answers(ended(), ended(), json(200, signedOut), ended());
  expect(await server.bootstrap()).toEqual(signedOut);
  expect(fake.mock.calls.map(([url]) => url)).toEqual([
    '/api/v1/bootstrap',
    '/api/v1/auth/refresh',
    '/api/v1/bootstrap',
    '/api/v1/auth/refresh',
  ]);
});

it('says when the app was started', async () => {
  const fake = answers(json(200, { account: null, setupNeeded: true }));
  await server.bootstrap(undefined, true);
  expect(fake.mock.calls[0]?.[0]).toBe('/api/v1/bootstrap?start=true');
});

it('asks nothing more of a server that waits for its setup', async () => {
  const fake = answers(json(200, { account: null, setupNeeded: true }));
  await server.bootstrap();
  expect(fake).toHaveBeenCalledOnce();
});

it('tells that the sign-in is over only when the server says so', async () => {
  const over = vi.fn();
  const stop = onSignInOver(over);
  answers(json(503, {}), json(401, { code: 'sign_in_expired' }));
  expect(await renewSignIn()).toBe(false);
  expect(over).not.toHaveBeenCalled();
  expect(await renewSignIn()).toBe(false);
  expect(over).toHaveBeenCalledOnce();
  stop();
});

it('does not renew when the sign-in itself is refused', async () => {
  const fake = answers(json(401, { code: 'sign_in_failed', detail: 'No.' }));
  await expect(server.signIn({ email: 'a', password: 'b', remember: true })).rejects.toMatchObject({ status: 401, code: 'sign_in_failed' });
  expect(fake).toHaveBeenCalledOnce();
});

it('carries the code, the fields and the wait of a refusal', async () => {
  answers(
    json(
      429,
      { code: 'too_many_attempts', detail: 'Slow down.', errors: [{ location: 'body.email', message: 'Taken.' }] },
      { 'Retry-After': '30' },
    ),
  );
  const problem = asProblem(await server.bootstrap().catch((error: unknown) => error));
  expect(problem).toMatchObject({ code: 'too_many_attempts', message: 'Slow down.', retryAfter: 30 });
  expect(problem.field('email')).toBe('Taken.');
});

it('calls a server that does not answer offline', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(server.home()).rejects.toBeInstanceOf(Problem);
  await expect(server.home()).rejects.toMatchObject({ code: 'offline', status: 0 });
});

it('leaves empty filters out of the address', async () => {
  const fake = answers(json(200, { items: [], total: 0 }));
  await server.titles({ kind: 'movie', q: '' }, undefined);
  expect(fake.mock.calls[0]?.[0]).toBe('/api/v1/titles?kind=movie&limit=60');
});

it('fills names of the path in, encoded', async () => {
  const fake = answers(new Response(null, { status: 204 }));
  expect(await server.removeRoot('a/b?')).toBeUndefined();
  expect(fake.mock.calls[0]).toMatchObject(['/api/v1/library/roots/a%2Fb%3F', { method: 'DELETE' }]);
});
