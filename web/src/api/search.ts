import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, query } from './client';
import type { TitleCard } from './library-types';
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export type Found = Omit<Shapes['SearchResult'], 'items'> & { items: TitleCard[] };
export type Suggestion = Shapes['SearchSuggestion'];

/** Finding by name: what fits so far, and what the words may become. An empty question is not asked. */
export const findingQueries = {
  found: (q: string) =>
    queryOptions({
      queryKey: ['search', q],
      queryFn: ({ signal }) => call<Found>('GET', `/search${query({ q })}`, undefined, signal),
      enabled: q !== '',
      placeholderData: keepPreviousData,
    }),
  suggested: (q: string) =>
    queryOptions({
      queryKey: ['suggest', q],
      queryFn: ({ signal }) => call<{ items: Suggestion[] }>('GET', `/search/suggest${query({ q })}`, undefined, signal),
      enabled: q !== '',
      placeholderData: keepPreviousData,
    }),
};
