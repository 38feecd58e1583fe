import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, part, query } from './client';
import type * as api from './types';

/** What a profile leaves behind: its list, its history, what it thinks of titles, what it looked for. */
export const watching = {
  list: (cursor: string | undefined, signal?: AbortSignal) => call<api.ListPage>('GET', `/list${query({ cursor })}`, undefined, signal),
  setListed: (titleId: string, listed: boolean) => call<void>(listed ? 'PUT' : 'DELETE', `/list/${part(titleId)}`),
  setWatched: (titleId: string, watched: boolean) => call<void>(watched ? 'PUT' : 'DELETE', `/titles/${part(titleId)}/watched`),
  rate: (titleId: string, value: -1 | 0 | 1) => call<void>('PUT', `/titles/${part(titleId)}/rating`, { value }),
  history: (cursor: string | undefined, signal?: AbortSignal) =>
    call<api.HistoryPage>('GET', `/history${query({ cursor })}`, undefined, signal),
  /** One title's visits, or all. */
  forgetHistory: (titleId?: string) => call<void>('DELETE', titleId === undefined ? '/history' : `/history/${part(titleId)}`),
  searches: (signal?: AbortSignal) => call<{ items: api.PastSearch[] }>('GET', '/searches', undefined, signal),
  noteSearch: (text: string) => call<void>('POST', '/searches', { text }),
  forgetSearch: (id?: string) => call<void>('DELETE', id === undefined ? '/searches' : `/searches/${part(id)}`),
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
