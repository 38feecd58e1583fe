import { expect, it } from 'vitest';
import { translate } from '../../i18n';
import words from '../../i18n/player.en.json';
import { wayWords } from './way-words';

const t = (key: string, params?: Record<string, string | number>) => translate(words, 'en', key, params);

it.each([
  ['original_fits', { picture: 'H.264 High 4.1, 1080p, 8.2 Mb/s' }, 'H.264 High 4.1, 1080p, 8.2 Mb/s: fits this device'],
  ['ladder_limit', { picture: 'H.264 High 4.1', limit: '720p' }, 'H.264 High 4.1 is more than your limit of 720p'],
  ['ladder_network', { rate: '28 Mb/s' }, '28 Mb/s is more than this connection carried last time'],
  ['ladder_slow', undefined, 'The connection is too slow for the original'],
  ['ladder_new_reason', undefined, 'ladder: a new reason'],
])('%s', (code, params, expected) => {
  expect(wayWords({ t }, { kind: 'ladder', code, message: 'ladder: a new reason', params })).toBe(expected);
});

it('knows every reason of the document', async () => {
  const { readFileSync } = await import('node:fs');
  const page = readFileSync('../docs/media.md', 'utf8');
  const codes = page.match(/`(?:original|ladder|device)_[a-z_]+`/g) ?? [];
  expect(codes.length).toBeGreaterThan(10);
  const unknown = codes.filter((code) => wayWords({ t }, { kind: 'ladder', code: code.slice(1, -1), message: '?' }) === '?');
  expect(unknown).toEqual([]);
});
