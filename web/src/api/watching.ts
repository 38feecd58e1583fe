import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';

/** A profile's list, history, marks and past searches. */
export const watching = {
  list: (cursor: string | undefined, signal?: AbortSignal) => call('get', '/list', { query: { cursor }, signal }),
  setListed: (titleId: string, listed: boolean) => call(listed ? 'put' : 'delete', '/list/{titleId}', { path: { titleId } }),
  setWatched: (titleId: string, watched: boolean) => call(watched ? 'put' : 'delete', '/titles/{id}/watched', { path: { id: titleId } }),
  rate: (titleId: string, value: -1 | 0 | 1) => call('put', '/titles/{id}/rating', { path: { id: titleId }, body: { value } }),
  history: (cursor: string | undefined, signal?: AbortSignal) => call('get', '/history', { query: { cursor }, signal }),
  /** Deletes one title's visits, or all. */
  forgetHistory: (titleId?: string) =>
    titleId === undefined ? call('delete', '/history') : call('delete', '/history/{titleId}', { path: { titleId } }),
  searches: (signal?: AbortSignal) => call('get', '/searches', { signal }),
  noteSearch: (text: string) => call('post', '/searches', { body: { text } }),
  forgetSearch: (id?: string) => (id === undefined ? call('delete', '/searches') : call('delete', '/searches/{id}', { path: { id } })),
};

export const watchingQueries = {
  list: infiniteQueryOptions({
    queryKey: ['list'],
    queryFn: ({ pageParam, signal }) => watching.list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  }),
  history: infiniteQueryOptions({
    queryKey: ['history'],
    queryFn: ({ pageParam, signal }) => watching.history(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  }),
  searches: queryOptions({ queryKey: ['searches'], queryFn: ({ signal }) => watching.searches(signal) }),
};
