import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, part, query } from './client';
import type * as api from './types';

/** Accounts as their owners see them: registering, credentials, sign-ins, keys. */
export const people = {
  register: (body: api.Registration) => call<api.Bootstrap>('POST', '/auth/register', body),
  invitation: (code: string, signal?: AbortSignal) => call<api.Invitation>('GET', `/auth/invites/${part(code)}`, undefined, signal),
  passwordRules: (signal?: AbortSignal) => call<{ minLength: number }>('GET', '/auth/password-rules', undefined, signal),
  passwordStrength: (password: string, email: string | undefined, signal?: AbortSignal) =>
    call<api.PasswordVerdict>('POST', '/auth/password-strength', { password, email }, signal),
  askReset: (email: string) => call<void>('POST', '/auth/reset', { email }),
  reset: (code: string, password: string) => call<void>('POST', `/auth/reset/${part(code)}`, { password }),

  change: (body: { firstName?: string; lastName?: string; language?: string }) => call<api.Account>('PATCH', '/account', body),
  /** The account as it is then: with the new address, or still with the old one when a letter was sent to the new. */
  changeEmail: (body: { email: string; password: string }) => call<api.Account | undefined>('POST', '/account/email', body),
  confirmEmail: (code: string) => call<void>('POST', `/account/email/${part(code)}`),
  changePassword: (body: { current: string; next: string }) => call<void>('POST', '/account/password', body),
  leave: (body: { password: string; email: string }) => call<void>('DELETE', '/account', body),

  signIns: (signal?: AbortSignal) => call<{ items: api.SignInEntry[] }>('GET', '/auth/sign-ins', undefined, signal),
  endSignIn: (id: string) => call<void>('DELETE', `/auth/sign-ins/${part(id)}`),
  endSignIns: (keepThis: boolean) => call<void>('POST', '/auth/sign-out-everywhere', { keepThis }),
  streams: (signal?: AbortSignal) => call<{ items: api.StreamEntry[]; limit: number }>('GET', '/streams', undefined, signal),
  stopStream: (id: string) => call<void>('POST', `/streams/${part(id)}/stop`),
  security: (cursor: string | undefined, signal?: AbortSignal) =>
    call<api.SecurityPage>('GET', `/account/security${query({ cursor })}`, undefined, signal),

  keys: (signal?: AbortSignal) => call<{ items: api.ApiKey[] }>('GET', '/api-keys', undefined, signal),
  addKey: (body: { name: string; scopes: api.KeyScope[] }) => call<api.ApiKey>('POST', '/api-keys', body),
  removeKey: (id: string) => call<void>('DELETE', `/api-keys/${part(id)}`),
};

/** The export of an account is a file: the browser fetches it by a link. */
export const exportAddress = '/api/v1/account/export';

export const oidcAddress = (id: string) => `/api/v1/auth/oidc/${part(id)}/start`;

/** Streams begin and end by themselves, and no event tells every kind of end. */
const streamsPause = 10_000;

export const peopleQueries = {
  invitation: (code: string) =>
    queryOptions({ queryKey: ['invitation', code], queryFn: ({ signal }) => people.invitation(code, signal), retry: false }),
  passwordRules: queryOptions({
    queryKey: ['password-rules'],
    queryFn: ({ signal }) => people.passwordRules(signal),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  signIns: queryOptions({ queryKey: ['sign-ins'], queryFn: ({ signal }) => people.signIns(signal) }),
  streams: queryOptions({ queryKey: ['streams'], queryFn: ({ signal }) => people.streams(signal), refetchInterval: streamsPause }),
  keys: queryOptions({ queryKey: ['api-keys'], queryFn: ({ signal }) => people.keys(signal) }),
  security: infiniteQueryOptions({
    queryKey: ['security', 'own'],
    queryFn: ({ pageParam, signal }) => people.security(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  }),
};
