import { call } from './client';

/** Device authorization (RFC 8628): a device without a keyboard shows a code, which is entered on a signed-in device. */
export const pairing = {
  begin: (client: string, signal?: AbortSignal) => call('post', '/auth/device', { body: { client }, signal }),
  /** Sets the sign-in cookies, or fails with a code of RFC 8628 section 3.5. */
  fetch: (deviceCode: string, signal?: AbortSignal) => call('post', '/auth/device/token', { body: { device_code: deviceCode }, signal }),
  waiting: (userCode: string) => call('get', '/auth/device/{code}', { path: { code: userCode } }),
  answer: (userCode: string, approve: boolean) => call('post', '/auth/device/{code}', { path: { code: userCode }, body: { approve } }),
};
