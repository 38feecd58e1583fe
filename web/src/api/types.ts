/** The shapes of the control plane, in the contract's words. Times are Unix milliseconds, durations milliseconds. */
export interface Bootstrap {
  brand: string;
  version: string;
  languages: string[];
  setupNeeded: boolean;
  account: Account | null;
  profile: Profile | null;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  role: 'owner' | 'admin' | 'member';
}

export interface Profile {
  id: string;
  name: string;
  color: string;
}

export interface FolderListing {
  path: string;
  parent: string | null;
  folders: { name: string; path: string }[];
  videos: number;
}

export type Kind = 'movie' | 'series' | 'episode';

export interface TitleCard {
  id: string;
  kind: Kind;
  name: string;
  year?: number;
  durationMs?: number;
  color: string;
  still?: string;
  poster?: string;
  height?: number;
  positionMs?: number;
  readyPercent: number;
  playable: boolean;
  seriesName?: string;
  season?: number;
  episode?: number;
}

export interface Season {
  number: number;
  episodes: TitleCard[];
}

export interface TitleFile {
  name: string;
  size: number;
  container: string;
  video?: string;
  audio: string[];
  path?: string;
}

export interface RenditionState {
  id: string;
  kind: 'video' | 'audio';
  name: string;
  percent: number;
  complete: boolean;
  height?: number;
  language?: string;
}

export interface EncodeState {
  percent: number;
  running: boolean;
  paused: boolean;
  speed?: number;
  etaMs?: number;
  renditions: RenditionState[];
  error?: string;
}

export interface TitleDetail extends TitleCard {
  overview?: string;
  addedMs: number;
  seriesId?: string;
  nextEpisodeId?: string;
  seasons?: Season[];
  file?: TitleFile;
  encode?: EncodeState;
}

export type RowId = 'continue' | 'new' | 'movies' | 'series';

export interface HomeRow {
  id: RowId;
  items: TitleCard[];
}

export interface Home {
  hero: TitleCard | null;
  rows: HomeRow[];
}

export interface TitlePage {
  items: TitleCard[];
  next?: string;
  total: number;
}

export interface PlaySession {
  id: string;
  title: TitleCard;
  manifest: string;
  startMs: number;
  durationMs: number;
  renditions: RenditionState[];
  next?: TitleCard;
}

export type PlayState = 'playing' | 'paused' | 'buffering';

export interface LibraryRoot {
  id: string;
  path: string;
  state: 'present' | 'unreachable';
  files: number;
  watch: 'inotify' | 'poll';
  lastScanMs?: number;
}

export interface ScanState {
  running: boolean;
  seen: number;
  added: number;
  probed: number;
  startedMs?: number;
  finishedMs?: number;
  path?: string;
}

export interface Library {
  roots: LibraryRoot[];
  scan: ScanState;
  counts: { titles: number; files: number; attention: number };
}

export interface AttentionItem {
  fileId: string;
  name: string;
  path: string;
  reason: string;
  code: string;
  sinceMs: number;
}

export interface Job {
  runId: string;
  titleId?: string;
  titleName?: string;
  class: 'jit' | 'new' | 'backlog';
  renditions: string[];
  from: number;
  to: number;
  at: number;
  speed?: number;
  paused: boolean;
}

export interface Jobs {
  running: Job[];
  waiting: { jit: number; new: number; backlog: number };
  dead: { key: string; reason: string; titleName?: string }[];
}

export interface System {
  version: string;
  ffmpeg: string;
  startRung: string;
  speeds: { name: string; speed: number }[];
  diskFreeBytes: number;
  dataDir: string;
}
