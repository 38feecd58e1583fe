/** Types of titles, browsing and library administration. */
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export type Named = Shapes['Named'];
export type TitleCard = Shapes['TitleCard'];
export type Credit = Shapes['TitlePerson'];
export type SubtitleFacts = Shapes['TitleSubtitles'];
export type Season = Shapes['Season'];

/** Fields that cards and title pages share; `genres` is left out because title pages have objects there. */
export type TitleSummary = Omit<TitleCard, 'genres'>;

export type TitleDetail = Shapes['TitleDetail'];
export type Home = Shapes['Home'];
export type HomeRow = Shapes['Row'];

// ---- browsing

export const sorts = ['added', 'title', 'year', 'released', 'rating', 'random'] as const;

/** Filters and order of the browse page, as in its URL. Years are "1999" or "1990-1999", minutes "-45" or "90-120". */
export interface Browse {
  kind?: 'movie' | 'series';
  /** place is the order of a collection, valid with `collection` only */ sort?: (typeof sorts)[number] | 'place';
  genre?: string;
  studio?: string;
  person?: string;
  collection?: string;
  year?: string;
  minutes?: string;
  watched?: 'yes' | 'no' | 'begun';
  q?: string;
  /** name of the studio or person, known from the URL alone */ of?: string;
}

export type Facet = Shapes['Facet'];
export type Facets = Shapes['Facets'];
export type FacetName = Exclude<keyof Facets, 'total'>;
export type PersonPage = Shapes['PersonPage'];
export type Collection = Shapes['Collection'];
export type CollectionRule = Shapes['Rule'];

// ---- administration

export type Ladders = Shapes['Ladders'];
export type LadderPrediction = Shapes['LadderPrediction'];
/** When the ladders of a folder are made in the background. */
export type LadderSetting = Shapes['Root']['transcode'];
export type LibraryRoot = Shapes['Root'];
export type WatchMode = LibraryRoot['watchSetting'];
export type Library = Shapes['LibraryStatus'];
export type Preview = Shapes['Preview'];
export type PreviewPaths = Shapes['PreviewPaths'];
export type BinItem = Shapes['BinItem'];
export type UnmatchedTitle = Shapes['UnmatchedTitle'];

export type Match = Shapes['Match'];

export type FileIdentity = Shapes['FileIdentity'];

export type EditedCredit = Shapes['EditedCredit'];

/** An absent field stays as it is; null removes the owner's value. The document omits that lists may be null as well. */
export type TitlePatch = { [F in keyof Shapes['TitlePatch']]: Shapes['TitlePatch'][F] | null };

export type PictureKind = 'poster' | 'backdrop' | 'landscape' | 'logo' | 'banner' | 'thumb';
