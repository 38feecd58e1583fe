import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { server } from './client';
import { Problem } from './problem';
import type { Browse } from './types';

/** The query cache with its keys and stale times. Notices (events.ts) make queries stale earlier. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A 4xx is final; network and server errors are retried.
      retry: (failures, error) => !(error instanceof Problem && error.status >= 400 && error.status < 500) && failures < 2,
    },
  },
});

/** Polling interval in milliseconds while an encode or a scan runs, in case a notice was lost. */
const unfinished = 5_000;

export const queries = {
  bootstrap: queryOptions({
    queryKey: ['bootstrap'],
    // The first answer of a page is that of its start.
    queryFn: ({ signal, client, queryKey }) => server.bootstrap(signal, client.getQueryData(queryKey) === undefined),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  home: queryOptions({ queryKey: ['home'], queryFn: ({ signal }) => server.home(signal), staleTime: 60_000 }),
  titles: (browse: Browse) =>
    infiniteQueryOptions({
      queryKey: ['titles', browse],
      queryFn: ({ pageParam, signal }) => server.titles(browse, pageParam, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
      placeholderData: (previous) => previous,
    }),
  title: (id: string) =>
    queryOptions({
      queryKey: ['title', id],
      queryFn: ({ signal }) => server.title(id, signal),
      refetchInterval: (query) => (query.state.data?.encode?.running ? unfinished : false),
    }),
  folders: (path: string) =>
    queryOptions({ queryKey: ['folders', path], queryFn: ({ signal }) => server.folders(path, signal), retry: false }),
  library: queryOptions({
    queryKey: ['library'],
    queryFn: ({ signal }) => server.library(signal),
    refetchInterval: (query) => (query.state.data?.scan.running ? unfinished : false),
  }),
  attention: queryOptions({ queryKey: ['attention'], queryFn: ({ signal }) => server.attention(signal) }),
  jobs: queryOptions({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => server.jobs(signal),
    refetchInterval: (query) => (query.state.data?.running.length ? unfinished : false),
  }),
  system: queryOptions({ queryKey: ['system'], queryFn: ({ signal }) => server.system(signal) }),
};
