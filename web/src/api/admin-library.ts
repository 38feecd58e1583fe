import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { components } from './schema.gen';
import type * as api from './types';

/** Library administration: folders, bin, unmatched titles, edits, matches and file assignments. */
export const adminLibrary = {
  tune: (id: string, body: { watch?: api.WatchMode; pollSeconds?: number | null; transcode?: api.LadderSetting | null }) =>
    call('patch', '/library/roots/{id}', { path: { id }, body }),
  accept: (id: string) => call('post', '/library/roots/{id}/accept', { path: { id } }),
  ladders: (signal?: AbortSignal) => call('get', '/library/ladders', { signal }),
  makeLadders: (id: string) => call('post', '/library/roots/{id}/ladders', { path: { id } }),
  makeLadder: (titleId: string) => call('post', '/titles/{id}/ladder', { path: { id: titleId } }),
  preview: (signal?: AbortSignal) => call('get', '/library/preview', { signal }),
  bin: (signal?: AbortSignal) => call('get', '/library/bin', { signal }),
  forgetFile: (fileId: string) => call('delete', '/library/bin/{fileId}', { path: { fileId } }),
  unmatched: (signal?: AbortSignal) => call('get', '/library/unmatched', { signal }),

  change: (id: string, body: api.TitlePatch) =>
    call('patch', '/titles/{id}', { path: { id }, body: body as components['schemas']['TitlePatch'] }),
  matches: (id: string, q: string, year: number | undefined, signal?: AbortSignal) =>
    call('get', '/titles/{id}/matches', { path: { id }, query: { q, year }, signal }),
  match: (id: string, body: { provider: string; id: string } | { checked: true }) =>
    call('put', '/titles/{id}/match', { path: { id }, body }),
  refresh: (id: string) => call('post', '/titles/{id}/refresh', { path: { id } }),
  identify: (fileId: string, body: api.FileIdentity) => call('put', '/files/{id}/identity', { path: { id: fileId }, body }),
  identifyByName: (fileId: string) => call('delete', '/files/{id}/identity', { path: { id: fileId } }),
  setPicture: (id: string, kind: api.PictureKind, picture: Blob) =>
    call('put', '/titles/{id}/pictures/{kind}', { path: { id, kind }, body: picture }),
  dropPicture: (id: string, kind: api.PictureKind) => call('delete', '/titles/{id}/pictures/{kind}', { path: { id, kind } }),
};

/** Administration of collections and channels. */
export const collections = {
  add: (body: components['schemas']['NewCollection']) => call('post', '/collections', { body }),
  change: (id: string, body: components['schemas']['CollectionPatch']) => call('patch', '/collections/{id}', { path: { id }, body }),
  remove: (id: string) => call('delete', '/collections/{id}', { path: { id } }),
  order: (collections: string[]) => call('put', '/collections/order', { body: { collections } }),
  put: (id: string, titleId: string, member: boolean) =>
    call(member ? 'post' : 'delete', '/collections/{id}/titles/{titleId}', { path: { id, titleId } }),
  orderTitles: (id: string, titles: string[]) => call('put', '/collections/{id}/titles/order', { path: { id }, body: { titles } }),
  setLogo: (id: string, picture: Blob) => call('put', '/collections/{id}/logo', { path: { id }, body: picture }),
  dropLogo: (id: string) => call('delete', '/collections/{id}/logo', { path: { id } }),
};

/** All titles of a collection in its own order, across all pages. */
async function members(collection: string, signal?: AbortSignal): Promise<api.TitleCard[]> {
  const items: api.TitleCard[] = [];
  let cursor: string | undefined;
  do {
    const page = await call('get', '/titles', { query: { collection, sort: 'place', cursor, limit: 200 }, signal });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

export const adminLibraryQueries = {
  /** Input of the order dialog: never cached, and never refetched while it is edited. */
  members: (id: string) =>
    queryOptions({
      queryKey: ['members', id],
      queryFn: ({ signal }) => members(id, signal),
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  /** Its key begins with that of the library, which every scan makes stale. */
  ladders: queryOptions({ queryKey: ['library', 'ladders'], queryFn: ({ signal }) => adminLibrary.ladders(signal) }),
  bin: queryOptions({ queryKey: ['bin'], queryFn: ({ signal }) => adminLibrary.bin(signal) }),
  unmatched: queryOptions({ queryKey: ['unmatched'], queryFn: ({ signal }) => adminLibrary.unmatched(signal) }),
  /** A dry run is outdated by the next change on disk, so it is not cached. */
  preview: queryOptions({ queryKey: ['preview'], queryFn: ({ signal }) => adminLibrary.preview(signal), staleTime: 0, gcTime: 0 }),
  matches: (id: string, q: string, year: number | undefined) =>
    queryOptions({ queryKey: ['matches', id, q, year], queryFn: ({ signal }) => adminLibrary.matches(id, q, year, signal), retry: false }),
};
