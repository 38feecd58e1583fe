import { queryOptions } from '@tanstack/react-query';
import { call } from './client';

/** The running playbacks of all accounts, for administrators. */
export const playbacks = {
  list: (signal?: AbortSignal) => call('get', '/playbacks', { signal }),
  stop: (id: string) => call('post', '/playbacks/{id}/stop', { path: { id } }),
};

/** Milliseconds: playbacks of other accounts send no notice here. */
const pause = 5_000;

export const playbackQuery = queryOptions({
  queryKey: ['playbacks'],
  queryFn: ({ signal }) => playbacks.list(signal),
  refetchInterval: pause,
});
