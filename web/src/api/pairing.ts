import { call } from './client';

/** Signing in on a device without a keyboard (RFC 8628): it shows a code, which is typed where somebody is signed in. */
export const pairing = {
  begin: (client: string, signal?: AbortSignal) => call('post', '/auth/device', { body: { client }, signal }),
  /** Signs this device in by cookies, or is refused with the reason of RFC 8628 section 3.5 as its code. */
  fetch: (deviceCode: string, signal?: AbortSignal) => call('post', '/auth/device/token', { body: { device_code: deviceCode }, signal }),
  waiting: (userCode: string) => call('get', '/auth/device/{code}', { path: { code: userCode } }),
  answer: (userCode: string, approve: boolean) => call('post', '/auth/device/{code}', { path: { code: userCode }, body: { approve } }),
};
