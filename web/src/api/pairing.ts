import { call, part } from './client';
import type * as api from './types';

/** Signing in on a device without a keyboard (RFC 8628): it shows a code, which is typed where somebody is signed in. */
export const pairing = {
  begin: (client: string, signal?: AbortSignal) => call<api.Pairing>('POST', '/auth/device', { client }, signal),
  /** Signs this device in by cookies, or is refused with the reason of RFC 8628 section 3.5 as its code. */
  fetch: (deviceCode: string, signal?: AbortSignal) => call<void>('POST', '/auth/device/token', { device_code: deviceCode }, signal),
  waiting: (userCode: string) => call<api.WaitingDevice>('GET', `/auth/device/${part(userCode)}`),
  answer: (userCode: string, approve: boolean) => call<void>('POST', `/auth/device/${part(userCode)}`, { approve }),
};
