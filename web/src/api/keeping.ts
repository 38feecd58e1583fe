import { queryOptions } from '@tanstack/react-query';
import { call, part } from './client';
import type { LibraryRoot } from './types';

/** What an administrator does about the library: how folders are watched, what is gone, what is not sure, what is shown. */

export type WatchSetting = 'auto' | 'inotify' | 'poll' | 'hook';

/** A folder with how it is watched and what became of it. */
export interface KeptRoot extends Omit<LibraryRoot, 'watch'> {
  watch: 'inotify' | 'poll' | 'hook';
  fileSystem?: string;
  watchSetting?: WatchSetting;
  watchReason?: string;
  /** the configuration says how it is watched: it cannot be changed here */ fixed?: boolean;
  pollSeconds?: number;
  pollCostMs?: number;
  watchesUsed?: number;
  watchesLimit?: number;
  lastChangeMs?: number;
  stateReason?: string;
  sinceMs?: number;
  held?: { missing: number; of: number; sinceMs: number };
}

/** What a scan would change, as paths. */
export interface ScanPreview {
  added?: string[];
  changed?: string[];
  moved?: { from: string; to: string }[];
  returned?: string[];
  missing?: string[];
  unreachable?: string[];
  unchanged: number;
}

export interface BinnedFile {
  fileId: string;
  titleId?: string;
  name: string;
  path: string;
  missingSinceMs: number;
  goneAtMs: number;
}

export interface Unmatched {
  titleId: string;
  fileId: string;
  name: string;
  kind: string;
  year?: number;
  path: string;
  evidence?: Record<string, string>;
}

export interface Match {
  provider: string;
  id: string;
  name: string;
  year?: number;
  overview?: string;
  picture?: string;
  certainty?: string;
}

/** Which work a file is said to hold: one that is known, or one that is described. */
export interface FileIdentity {
  kind?: 'movie' | 'episode' | 'extra';
  titleId?: string;
  title?: string;
  year?: number;
  season?: number;
  episode?: number;
}

/** A change of a title by hand: a field that is absent stays, null goes back to what the sources say. */
export interface TitleEdit {
  name?: string | null;
  originalName?: string | null;
  sortName?: string | null;
  year?: number | null;
  released?: string | null;
  overview?: string | null;
  tagline?: string | null;
  certification?: string | null;
  age?: number | null;
  genres?: string[] | null;
  studios?: string[] | null;
  countries?: string[] | null;
}

export type PictureKind = 'poster' | 'backdrop' | 'landscape' | 'logo' | 'banner' | 'thumb';

export const keeping = {
  tune: (root: string, body: { watch?: WatchSetting; pollSeconds?: number }) =>
    call<KeptRoot>('PATCH', `/library/roots/${part(root)}`, body),
  accept: (root: string) => call<KeptRoot>('POST', `/library/roots/${part(root)}/accept`),
  preview: (signal?: AbortSignal) => call<ScanPreview>('GET', '/library/preview', undefined, signal),
  bin: (signal?: AbortSignal) => call<{ items: BinnedFile[]; total?: number }>('GET', '/library/bin', undefined, signal),
  forget: (file: string) => call<void>('DELETE', `/library/bin/${part(file)}`),
  unmatched: (signal?: AbortSignal) => call<{ items: Unmatched[] }>('GET', '/library/unmatched', undefined, signal),
  edit: (title: string, body: TitleEdit) => call<unknown>('PATCH', `/titles/${part(title)}`, body),
  matches: (title: string, q: string, year: string, signal?: AbortSignal) =>
    call<{ items: Match[]; searched: boolean }>(
      'GET',
      `/titles/${part(title)}/matches?${new URLSearchParams({ ...(q && { q }), ...(year && { year }) })}`,
      undefined,
      signal,
    ),
  match: (title: string, body: { provider: string; id: string } | { checked: true }) =>
    call<unknown>('PUT', `/titles/${part(title)}/match`, body),
  identify: (file: string, body: FileIdentity) => call<unknown>('PUT', `/files/${part(file)}/identity`, body),
  unpin: (file: string) => call<unknown>('DELETE', `/files/${part(file)}/identity`),
  setPicture: (title: string, kind: PictureKind, file: Blob) => call<unknown>('PUT', `/titles/${part(title)}/pictures/${kind}`, file),
  dropPicture: (title: string, kind: PictureKind) => call<unknown>('DELETE', `/titles/${part(title)}/pictures/${kind}`),
};

export const keepingQueries = {
  preview: queryOptions({ queryKey: ['library', 'preview'], queryFn: ({ signal }) => keeping.preview(signal), staleTime: 0, gcTime: 0 }),
  bin: queryOptions({ queryKey: ['library', 'bin'], queryFn: ({ signal }) => keeping.bin(signal) }),
  unmatched: queryOptions({ queryKey: ['library', 'unmatched'], queryFn: ({ signal }) => keeping.unmatched(signal) }),
  matches: (title: string, q: string, year: string) =>
    queryOptions({ queryKey: ['matches', title, q, year], queryFn: ({ signal }) => keeping.matches(title, q, year, signal) }),
};
