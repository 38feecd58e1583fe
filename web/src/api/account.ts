import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type * as api from './types';

/** The own account: registration, credentials, sign-ins, streams, API keys. */
export const ownAccount = {
  /** Returns what the app needs of the account that was made, or that a letter is on its way to finish it. */
  register: (body: api.Registration) => call('post', '/auth/register', { body }),
  finishRegistration: (code: string, password: string) => call('post', '/auth/register/{code}', { path: { code }, body: { password } }),
  invitation: (code: string, signal?: AbortSignal) => call('get', '/auth/invites/{code}', { path: { code }, signal }),
  passwordRules: (signal?: AbortSignal) => call('get', '/auth/password-rules', { signal }),
  passwordStrength: (password: string, email: string | undefined, signal?: AbortSignal) =>
    call('post', '/auth/password-strength', { body: { password, email }, signal }),
  askReset: (email: string) => call('post', '/auth/reset', { body: { email } }),
  reset: (code: string, password: string) => call('post', '/auth/reset/{code}', { path: { code }, body: { password } }),

  change: (body: { firstName?: string; lastName?: string; language?: string }) => call('patch', '/account', { body }),
  /** Returns the account: with the new address, or with the old one while the new one is to be confirmed by e-mail. */
  changeEmail: (body: { email: string; password: string }) => call('post', '/account/email', { body }),
  confirmEmail: (code: string) => call('post', '/account/email/{code}', { path: { code } }),
  changePassword: (body: { current: string; next: string }) => call('post', '/account/password', { body }),
  leave: (body: { password: string; email: string }) => call('delete', '/account', { body }),

  signIns: (signal?: AbortSignal) => call('get', '/auth/sign-ins', { signal }),
  endSignIn: (id: string) => call('delete', '/auth/sign-ins/{id}', { path: { id } }),
  endSignIns: (keepThis: boolean) => call('post', '/auth/sign-out-everywhere', { body: { keepThis } }),
  streams: (signal?: AbortSignal) => call('get', '/streams', { signal }),
  stopStream: (id: string) => call('post', '/streams/{id}/stop', { path: { id } }),
  security: (cursor: string | undefined, signal?: AbortSignal) => call('get', '/account/security', { query: { cursor }, signal }),

  keys: (signal?: AbortSignal) => call('get', '/api-keys', { signal }),
  addKey: (body: { name: string; scopes: api.KeyScope[] }) => call('post', '/api-keys', { body }),
  removeKey: (id: string) => call('delete', '/api-keys/{id}', { path: { id } }),
};

/** The account export is a download, fetched by a plain link. */
export const exportAddress = '/api/v1/account/export';

export const oidcAddress = (id: string) => `/api/v1/auth/oidc/${encodeURIComponent(id)}/start`;

/** Polling interval of the streams: not every end of a stream sends a notice. */
const streamsPause = 10_000;

export const accountQueries = {
  invitation: (code: string) =>
    queryOptions({ queryKey: ['invitation', code], queryFn: ({ signal }) => ownAccount.invitation(code, signal), retry: false }),
  passwordRules: queryOptions({
    queryKey: ['password-rules'],
    queryFn: ({ signal }) => ownAccount.passwordRules(signal),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  signIns: queryOptions({ queryKey: ['sign-ins'], queryFn: ({ signal }) => ownAccount.signIns(signal) }),
  streams: queryOptions({ queryKey: ['streams'], queryFn: ({ signal }) => ownAccount.streams(signal), refetchInterval: streamsPause }),
  keys: queryOptions({ queryKey: ['api-keys'], queryFn: ({ signal }) => ownAccount.keys(signal) }),
  security: infiniteQueryOptions({
    queryKey: ['security', 'own'],
    queryFn: ({ pageParam, signal }) => ownAccount.security(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  }),
};
