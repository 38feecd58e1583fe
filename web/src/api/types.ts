/** The contract's shapes under the names the app uses. They are generated from pkg/api/openapi.yaml by `npm run api`. */
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export type Account = Shapes['Account'] & {
  firstName: string;
  lastName: string;
  createdMs: number;
  consentVersion?: string;
  streams: number;
  profileLimit: number;
  hasPassword: boolean;
};
export type Bootstrap = Omit<Shapes['Bootstrap'], 'account'> & {
  account: Account | null;
  registration: 'closed' | 'invite' | 'open';
  mail: boolean;
  oidc: OidcProvider[];
  consent?: { version: string };
};
export type Profile = Shapes['Profile'];
export type ListPage = Shapes['ListPage'];
export type HistoryPage = Shapes['HistoryPage'];
export type Visit = Shapes['Visit'];
export type PastSearch = Shapes['Search'];
export type Pairing = Shapes['DeviceAuthorization'];
export type WaitingDevice = Shapes['WaitingDevice'];
export type ProfileList = Shapes['ProfileList'];
export type NewProfile = Shapes['NewProfile'];
export type ProfilePatch = Shapes['ProfilePatch'];
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
export type PlaySession = Shapes['PlaySession'] & { tokenExpiresMs?: number };
export type PlayState = Shapes['Report']['state'];
export type Library = Shapes['LibraryStatus'];
export type LibraryRoot = Shapes['Root'];
export type ScanState = Shapes['ScanState'];
export type AttentionItem = Shapes['AttentionItem'];
export type Job = Shapes['Job'];
export type Jobs = Shapes['Jobs'];
export type System = Shapes['System'];

// ---- storage

export type Storage = Shapes['StorageState'];
export type StorageTask = Shapes['StorageTask'];
export type S3Settings = Shapes['S3Settings'];
export type SavedS3 = Shapes['SavedS3'];
export type StorageCheck = Shapes['StorageCheck'];
export type CheckItem = Shapes['CheckItem'];

// ---- accounts

export interface OidcProvider {
  id: string;
  name: string;
}
export interface Invitation {
  valid: boolean;
  email?: string;
}
export interface Registration {
  email: string;
  firstName: string;
  lastName: string;
  password: string;
  invite?: string;
  consent?: string;
  language?: string;
}
export interface PasswordVerdict {
  ok: boolean;
  reason?: string;
}
export type SignInEntry = Shapes['Device'];
export type KeyScope = Shapes['MakeApiKeyRequest']['scopes'][number];
export type ApiKey = Shapes['APIKey'];
export type StreamEntry = Shapes['Stream'];
export type SecurityEntry = Shapes['SecurityEvent'];
export type SecurityPage = Shapes['LogOutputBody'];
export type Role = Account['role'];
export interface UserRow {
  account: Account;
  profiles: number;
  lastSeenMs?: number;
  signIns: number;
  disabled: boolean;
}
export interface Invite {
  id: string;
  code?: string;
  url?: string;
  email?: string;
  role?: Role;
  expiresMs: number;
  usedMs?: number;
}
