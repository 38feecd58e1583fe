import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { S3Settings, Storage, StorageCheck, StorageTask } from './types';

/** Where segments and pictures are kept: its state, its settings, moving and cleaning up. */
export const storage = {
  status: (signal?: AbortSignal) => call<Storage>('GET', '/storage', undefined, signal),
  /** Tries the settings given, or the ones in use. */
  check: (s3?: S3Settings) => call<StorageCheck>('POST', '/storage/check', { s3 }),
  save: (s3: S3Settings) => call<Storage>('PUT', '/storage/s3', s3),
  forget: () => call<void>('DELETE', '/storage/s3'),
  move: (to: Storage['home']) => call<StorageTask>('POST', '/storage/move', { to }),
  clean: (dryRun: boolean) => call<StorageTask>('POST', '/storage/gc', { dryRun }),
  cancel: () => call<void>('POST', '/storage/task/cancel'),
};

export const underWay = (task: StorageTask | undefined): boolean => task?.state === 'waiting' || task?.state === 'running';

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: ({ signal }) => storage.status(signal),
  // An event says so earlier; this is for the numbers in between.
  refetchInterval: (query) => (underWay(query.state.data?.task) ? 2000 : false),
});
