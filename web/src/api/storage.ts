import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { S3Settings, Storage, StorageTask } from './types';

/** Storage of segments and pictures: state, settings, moving and garbage collection. */
export const storage = {
  status: (signal?: AbortSignal) => call('get', '/storage', { signal }),
  /** Checks the given settings, or the current ones. */
  check: (s3?: S3Settings) => call('post', '/storage/check', { body: { s3 } }),
  save: (s3: S3Settings) => call('put', '/storage/s3', { body: s3 }),
  forget: () => call('delete', '/storage/s3'),
  move: (to: Storage['home']) => call('post', '/storage/move', { body: { to } }),
  clean: (dryRun: boolean) => call('post', '/storage/gc', { body: { dryRun } }),
  cancel: () => call('post', '/storage/task/cancel'),
};

export const isActive = (task: StorageTask | undefined): boolean => task?.state === 'waiting' || task?.state === 'running';

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: ({ signal }) => storage.status(signal),
  // Notices report changes of state; polling updates the counters in between.
  refetchInterval: (query) => (isActive(query.state.data?.task) ? 2000 : false),
});
