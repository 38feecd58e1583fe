import { queryOptions } from '@tanstack/react-query';
import { call, part, query } from './client';
import type * as api from './types';

/** The library in an administrator's hands: its folders, what is gone, what is not known, and what is said by hand. */
export const keeping = {
  tune: (id: string, body: { watch?: api.WatchMode; pollSeconds?: number | null }) =>
    call<api.LibraryRoot>('PATCH', `/library/roots/${part(id)}`, body),
  accept: (id: string) => call<void>('POST', `/library/roots/${part(id)}/accept`),
  preview: (signal?: AbortSignal) => call<api.Preview>('GET', '/library/preview', undefined, signal),
  bin: (signal?: AbortSignal) => call<{ items: api.BinItem[]; total: number }>('GET', '/library/bin', undefined, signal),
  forgetFile: (fileId: string) => call<void>('DELETE', `/library/bin/${part(fileId)}`),
  unmatched: (signal?: AbortSignal) => call<{ items: api.UnmatchedTitle[]; total: number }>('GET', '/library/unmatched', undefined, signal),

  change: (id: string, body: api.TitlePatch) => call<api.TitleDetail>('PATCH', `/titles/${part(id)}`, body),
  matches: (id: string, q: string, year: number | undefined, signal?: AbortSignal) =>
    call<{ items: api.Match[]; searched: boolean }>('GET', `/titles/${part(id)}/matches${query({ q, year })}`, undefined, signal),
  match: (id: string, body: { provider: string; id: string } | { checked: true }) =>
    call<api.TitleDetail>('PUT', `/titles/${part(id)}/match`, body),
  refresh: (id: string) => call<api.TitleDetail>('POST', `/titles/${part(id)}/refresh`),
  identify: (fileId: string, body: api.FileIdentity) => call<api.TitleDetail | undefined>('PUT', `/files/${part(fileId)}/identity`, body),
  identifyByName: (fileId: string) => call<api.TitleDetail | undefined>('DELETE', `/files/${part(fileId)}/identity`),
  setPicture: (id: string, kind: api.PictureKind, picture: Blob) =>
    call<api.TitleDetail>('PUT', `/titles/${part(id)}/pictures/${kind}`, picture),
  dropPicture: (id: string, kind: api.PictureKind) => call<api.TitleDetail>('DELETE', `/titles/${part(id)}/pictures/${kind}`),
};

export interface CollectionWish {
  kind: api.Collection['kind'];
  name: string;
  overview?: string;
  how?: api.Collection['how'];
  rule?: api.CollectionRule;
}

/** Collections and channels as they are made. */
export const gathering = {
  add: (body: CollectionWish) => call<api.Collection>('POST', '/collections', body),
  change: (id: string, body: Partial<CollectionWish>) => call<api.Collection>('PATCH', `/collections/${part(id)}`, body),
  remove: (id: string) => call<void>('DELETE', `/collections/${part(id)}`),
  order: (collections: string[]) => call<void>('PUT', '/collections/order', { collections }),
  put: (id: string, titleId: string, member: boolean) =>
    call<void>(member ? 'POST' : 'DELETE', `/collections/${part(id)}/titles/${part(titleId)}`),
  orderTitles: (id: string, titles: string[]) => call<void>('PUT', `/collections/${part(id)}/titles/order`, { titles }),
  setLogo: (id: string, picture: Blob) => call<api.Collection>('PUT', `/collections/${part(id)}/logo`, picture),
  dropLogo: (id: string) => call<void>('DELETE', `/collections/${part(id)}/logo`),
};

/** All titles of a collection in its own order, however many pages they take. */
async function members(collection: string, signal?: AbortSignal): Promise<api.TitleCard[]> {
  const items: api.TitleCard[] = [];
  let cursor: string | undefined;
  do {
    const page = await call<api.TitlePage>('GET', `/titles${query({ collection, sort: 'place', cursor, limit: 200 })}`, undefined, signal);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

export const keepingQueries = {
  /** Read when somebody is about to change it: never an old answer, and no new one while it is being changed. */
  members: (id: string) =>
    queryOptions({
      queryKey: ['members', id],
      queryFn: ({ signal }) => members(id, signal),
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  bin: queryOptions({ queryKey: ['bin'], queryFn: ({ signal }) => keeping.bin(signal) }),
  unmatched: queryOptions({ queryKey: ['unmatched'], queryFn: ({ signal }) => keeping.unmatched(signal) }),
  /** What a scan would do is true for a moment only. */
  preview: queryOptions({ queryKey: ['preview'], queryFn: ({ signal }) => keeping.preview(signal), staleTime: 0, gcTime: 0 }),
  matches: (id: string, q: string, year: number | undefined) =>
    queryOptions({ queryKey: ['matches', id, q, year], queryFn: ({ signal }) => keeping.matches(id, q, year, signal), retry: false }),
};
