import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, part, query } from './client';
import type * as api from './types';

/** Accounts as the administrator sees them. */
export const users = {
  list: (signal?: AbortSignal) => call<{ items: api.UserRow[] }>('GET', '/users', undefined, signal),
  change: (id: string, body: api.UserChange) => call<api.UserRow>('PATCH', `/users/${part(id)}`, body),
  remove: (id: string) => call<void>('DELETE', `/users/${part(id)}`),
  resetLink: (id: string) => call<{ url: string; expiresMs: number }>('POST', `/users/${part(id)}/reset-link`),
  invites: (signal?: AbortSignal) => call<{ items: api.Invite[] }>('GET', '/invites', undefined, signal),
  invite: (body: api.InviteWish) => call<api.Invite>('POST', '/invites', body),
  uninvite: (id: string) => call<void>('DELETE', `/invites/${part(id)}`),
  security: (cursor: string | undefined, signal?: AbortSignal) =>
    call<api.SecurityPage>('GET', `/security-log${query({ cursor })}`, undefined, signal),
  rotateKeys: (purpose: 'access' | 'media') => call<void>('POST', '/keys/rotate', { purpose }),
};

export const userQueries = {
  list: queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => users.list(signal) }),
  invites: queryOptions({ queryKey: ['invites'], queryFn: ({ signal }) => users.invites(signal) }),
  security: infiniteQueryOptions({
    queryKey: ['security', 'all'],
    queryFn: ({ pageParam, signal }) => users.security(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  }),
};
