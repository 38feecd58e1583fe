import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type * as api from './types';

/** Facet counts of the filters, people, collections and channels. */
const catalogue = {
  facets: ({ of: _of, sort: _sort, ...browse }: api.Browse, signal?: AbortSignal) =>
    call('get', '/titles/facets', { query: browse, signal }),
  person: (id: string, signal?: AbortSignal) => call('get', '/people/{id}', { path: { id }, signal }),
  collections: (kind: api.Collection['kind'] | undefined, signal?: AbortSignal) => call('get', '/collections', { query: { kind }, signal }),
  collection: (id: string, signal?: AbortSignal) => call('get', '/collections/{id}', { path: { id }, signal }),
};

export const catalogueQueries = {
  facets: ({ sort: _, ...browse }: api.Browse) =>
    queryOptions({
      queryKey: ['facets', browse],
      queryFn: ({ signal }) => catalogue.facets(browse, signal),
      placeholderData: (previous) => previous,
    }),
  person: (id: string) => queryOptions({ queryKey: ['person', id], queryFn: ({ signal }) => catalogue.person(id, signal) }),
  channels: queryOptions({
    queryKey: ['collections', 'channel'],
    queryFn: ({ signal }) => catalogue.collections('channel', signal),
    staleTime: 300_000,
  }),
  collections: queryOptions({ queryKey: ['collections', 'all'], queryFn: ({ signal }) => catalogue.collections(undefined, signal) }),
  collection: (id: string) =>
    queryOptions({ queryKey: ['collections', 'one', id], queryFn: ({ signal }) => catalogue.collection(id, signal) }),
};
