import { queryOptions } from '@tanstack/react-query';
import { capabilities } from '../player/core/capabilities';
import { qualityWish, storedQuality } from '../player/core/quality';
import { call } from './client';

/** How this device would play the files of a title, by the server's word. */
export const waysOf = (titleId: string) =>
  queryOptions({
    queryKey: ['ways', titleId],
    queryFn: ({ signal }) =>
      call('post', '/titles/{id}/ways', {
        path: { id: titleId },
        body: { device: capabilities(), quality: qualityWish(storedQuality()) },
        signal,
      }),
    retry: false,
  });
