import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type * as api from './types';

/** Administration of accounts. */
export const users = {
  list: (signal?: AbortSignal) => call('get', '/users', { signal }),
  change: (id: string, body: api.UserChange) => call('patch', '/users/{id}', { path: { id }, body }),
  remove: (id: string) => call('delete', '/users/{id}', { path: { id } }),
  resetLink: (id: string) => call('post', '/users/{id}/reset-link', { path: { id } }),
  invites: (signal?: AbortSignal) => call('get', '/invites', { signal }),
  invite: (body: api.InviteWish) => call('post', '/invites', { body }),
  uninvite: (id: string) => call('delete', '/invites/{id}', { path: { id } }),
  security: (cursor: string | undefined, signal?: AbortSignal) => call('get', '/security-log', { query: { cursor }, signal }),
  rotateKeys: (purpose: 'access' | 'media') => call('post', '/keys/rotate', { body: { purpose } }),
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
