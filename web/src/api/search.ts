import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export type SearchResult = Shapes['SearchResult'];

/** Search results and suggestions. An empty query sends no request. */
export const searchQueries = {
  found: (q: string) =>
    queryOptions({
      queryKey: ['search', q],
      queryFn: ({ signal }) => call('get', '/search', { query: { q }, signal }),
      enabled: q !== '',
      placeholderData: keepPreviousData,
    }),
  suggested: (q: string) =>
    queryOptions({
      queryKey: ['suggest', q],
      queryFn: ({ signal }) => call('get', '/search/suggest', { query: { q }, signal }),
      enabled: q !== '',
      placeholderData: keepPreviousData,
    }),
};
