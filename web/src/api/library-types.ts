/** The shapes of what there is to watch, and of what an administrator sees of the library. */
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export interface Named {
  id: string;
  name: string;
}

export interface TitleCard extends Omit<Shapes['TitleCard'], 'kind'> {
  kind: 'movie' | 'series' | 'season' | 'episode' | 'extra';
  /** what others think of it, 0 to 10 */ score?: number;
  genres?: string[];
  thumbhash?: string;
  backdrop?: string;
  landscape?: string;
  logo?: string;
  /** the poster is a piece of the film: it carries no name */ posterIsFrame?: boolean;
  certification?: string;
  /** YYYY-MM-DD */ released?: string;
  /** the disk its file is on is away */ unreachable?: boolean;
  /** what kind of extra */ extra?: string;
  /** of an episode in its season */ overview?: string;
}

export interface Credit {
  id: string;
  name: string;
  kind: string;
  role?: string;
  picture?: string;
}

export interface Version {
  fileId: string;
  name: string;
  edition?: string;
  height?: number;
  part?: number;
  parts?: number;
  durationMs: number;
  size: number;
  flags: string[];
  state: 'present' | 'unreachable';
  /** a person said which title it is */ pinned?: boolean;
  /** administrators only */ path?: string;
}

export interface SubtitleFacts {
  language: string;
  name?: string;
  forced: boolean;
  sdh: boolean;
  embedded: boolean;
}

export interface TitleAdmin {
  evidence: Record<string, string>;
  edited: string[];
  notes: string[];
  matched: string;
  sortName?: string;
}

export interface Season {
  number: number;
  id?: string;
  name?: string;
  poster?: string;
  episodes: TitleCard[];
}

/** What every page that shows a title may count on: the card's facts without the genres, which its own page has as links. */
export type TitleFacts = Omit<TitleCard, 'genres'>;

export type TitleDetail = TitleFacts &
  Omit<Shapes['TitleDetail'], keyof Shapes['TitleCard'] | 'seasons'> & {
    originalName?: string;
    tagline?: string;
    status?: string;
    genres?: Named[];
    studios?: Named[];
    countries?: string[];
    people?: Credit[];
    ratings?: { by: string; value: number; votes?: number }[];
    ids?: Record<string, string>;
    extras?: TitleCard[];
    collections?: (Named & { kind: 'collection' | 'channel' })[];
    versions?: Version[];
    subtitles?: SubtitleFacts[];
    more?: TitleCard[];
    admin?: TitleAdmin;
    seasons?: Season[];
  };

export interface HomeRow {
  id: string;
  /** of a row that is not one of the app's own */ name?: string;
  items: TitleCard[];
}

export interface Home {
  hero?: TitleCard | null;
  rows: HomeRow[];
}

export interface TitlePage {
  items: TitleCard[];
  next?: string;
  total: number;
}

// ---- browsing

export const sorts = ['added', 'title', 'year', 'released', 'rating', 'random'] as const;

/** What a wall shows, as it stands in the address. Years are "1999" or "1990-1999", minutes "-45" or "90-120". */
export interface Browse {
  kind?: 'movie' | 'series';
  sort?: (typeof sorts)[number];
  genre?: string;
  studio?: string;
  person?: string;
  collection?: string;
  year?: string;
  minutes?: string;
  watched?: 'yes' | 'no' | 'begun';
  q?: string;
  /** what the studio or the person is called; the address is all that knows it */ of?: string;
}

export interface Facet {
  id: string;
  name?: string;
  count: number;
}

export type FacetName = 'kinds' | 'genres' | 'years' | 'collections' | 'watched' | 'minutes';

export type Facets = { total: number } & Partial<Record<FacetName, Facet[]>>;

export interface PersonPage extends Named {
  picture?: string;
  credits: { title: TitleCard; kind: string; role?: string }[];
}

export interface Collection extends Named {
  kind: 'collection' | 'channel';
  overview?: string;
  logo?: string;
  count?: number;
  how?: 'hand' | 'folder' | 'rule' | 'set';
  rule?: CollectionRule;
  /** the pictures it is drawn with when it has no logo */ posters?: string[];
}

export interface CollectionRule {
  kind?: 'movie' | 'series';
  genres?: string[];
  tags?: string[];
  studios?: string[];
  countries?: string[];
  years?: string;
  age?: number;
  roots?: string[];
  folders?: string[];
  names?: string[];
}

// ---- what an administrator sees

export type WatchMode = 'auto' | 'inotify' | 'poll' | 'hook';

export interface LibraryRoot extends Omit<Shapes['Root'], 'watch'> {
  watch: Exclude<WatchMode, 'auto'>;
  fileSystem?: string;
  watchSetting: WatchMode;
  /** the configuration file says how, and nothing else can */ watchFixed: boolean;
  watchReason?: string;
  /** as it was set; 0 = it adapts */ pollSeconds: number;
  /** as it is now; 0 = none is planned */ everySeconds: number;
  nextLookMs?: number;
  pollCostMs: number;
  watchesUsed: number;
  /** 0 = unknown */ watchesLimit: number;
  lastChangeMs?: number;
  stateCode?: string;
  stateReason?: string;
  sinceMs?: number;
  acceptable: boolean;
  held?: { missing: number; of: number; sinceMs: number };
}

export type Library = Omit<Shapes['LibraryStatus'], 'roots'> & { roots: LibraryRoot[] };

export interface PreviewPaths {
  total: number;
  paths: string[];
}

export interface Preview {
  added: PreviewPaths;
  changed: PreviewPaths;
  returned: PreviewPaths;
  missing: PreviewPaths;
  held: PreviewPaths;
  unreachable: PreviewPaths;
  moved: { from: string; to: string }[];
  movedTotal: number;
  unchanged: number;
  away: { path: string; code: string; reason: string }[];
}

export interface BinItem {
  fileId: string;
  titleId?: string;
  name: string;
  path: string;
  reason?: string;
  missingSinceMs: number;
  goneAtMs?: number;
}

export interface UnmatchedTitle {
  title: TitleCard;
  files: { fileId: string; name: string; path: string }[];
}

export interface Match {
  provider: string;
  id: string;
  name: string;
  originalName?: string;
  year?: number;
  overview?: string;
  certainty: 'id' | 'name' | 'little';
}

export interface FileIdentity {
  kind: 'movie' | 'episode' | 'extra';
  titleId?: string;
  title?: string;
  year?: number;
  season?: number;
  episode?: number;
  extra?: string;
  name?: string;
}

export interface EditedCredit {
  name: string;
  kind: string;
  role?: string;
}

/** An absent field stays as it is; null makes it automatic again. */
export interface TitlePatch {
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
  credits?: EditedCredit[] | null;
}

export type PictureKind = 'poster' | 'backdrop' | 'landscape' | 'logo' | 'banner' | 'thumb';
