/** Schemas of the OpenAPI document under the app's names. `npm run api` generates them from pkg/api/openapi.yaml. */
import type { components } from './schema.gen';

type Shapes = components['schemas'];

export * from './library-types';

export type Account = Shapes['Account'];
export type Bootstrap = Shapes['Bootstrap'];
export type Profile = Shapes['Profile'];
export type Visit = Shapes['Visit'];
export type Pairing = Shapes['DeviceAuthorization'];
export type NewProfile = Shapes['NewProfile'];
export type ProfilePatch = Shapes['ProfilePatch'];
export type TitleFile = Shapes['TitleFile'];
export type EncodeState = Shapes['EncodeState'];
export type RenditionState = Shapes['RenditionState'];
export type PlaySession = Shapes['PlaySession'];
export type Way = Shapes['Way'];
export type OriginalStream = Shapes['OriginalStream'];
export type DeviceCapabilities = Shapes['DeviceCapabilities'];
export type StartPlayback = Shapes['StartPlayback'];
export type PlayState = Shapes['Report']['state'];
export type ScanState = Shapes['ScanState'];
export type AttentionItem = Shapes['AttentionItem'];
export type Job = Shapes['Job'];
export type Jobs = Shapes['Jobs'];
export type System = Shapes['System'];
export type Playback = Shapes['Playback'];
export type Hardware = Shapes['Hardware'];
export type HardwareTrial = Shapes['HardwareTrial'];

// ---- storage

export type Storage = Shapes['StorageState'];
export type StorageTask = Shapes['StorageTask'];
export type S3Settings = Shapes['S3Settings'];
export type SavedS3 = Shapes['SavedS3'];
export type CheckItem = Shapes['CheckItem'];

// ---- accounts

export type Registration = Shapes['Register'];
export type PasswordVerdict = Shapes['PasswordCheck'];
export type SignInEntry = Shapes['Device'];
export type KeyScope = Shapes['MakeApiKeyRequest']['scopes'][number];
export type ApiKey = Shapes['APIKey'];
export type StreamEntry = Shapes['Stream'];
export type SecurityEntry = Shapes['SecurityEvent'];
export type UserRow = Shapes['UserRow'];
/** null removes a limit. */
export type UserChange = Shapes['Rights'];
export type Invite = Shapes['Invite'];
export type InviteWish = Shapes['InviteWish'];
