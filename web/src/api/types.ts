/** The contract's shapes under the names the app uses. They are generated from pkg/api/openapi.yaml by `npm run api`. */
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export type Bootstrap = Shapes['Bootstrap'];
export type FolderListing = Shapes['FolderListing'];
export type TitleCard = Shapes['TitleCard'];
export type TitleDetail = Shapes['TitleDetail'];
export type TitleFile = Shapes['TitleFile'];
export type Season = Shapes['Season'];
export type EncodeState = Shapes['EncodeState'];
export type RenditionState = Shapes['RenditionState'];
export type Home = Shapes['Home'];
export type HomeRow = Shapes['Row'];
export type TitlePage = Shapes['TitlePage'];
export type PlaySession = Shapes['PlaySession'];
export type PlayState = Shapes['Report']['state'];
export type Library = Shapes['LibraryStatus'];
export type LibraryRoot = Shapes['Root'];
export type ScanState = Shapes['ScanState'];
export type AttentionItem = Shapes['AttentionItem'];
export type Job = Shapes['Job'];
export type Jobs = Shapes['Jobs'];
export type System = Shapes['System'];
