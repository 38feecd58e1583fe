import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Language, translate } from '../i18n';
import english from '../i18n/way.en.json';
import french from '../i18n/way.fr.json';
import { playsWords, wayWords } from './way-words';

const says = (language: Language) => {
  const words: Record<string, string> = language === 'fr' ? french : english;
  return { language, t: (key: string, params?: Record<string, string | number>) => translate(words, language, key, params) };
};

it.each([
  ['original_fits', { picture: 'H.264 High 4.1, 1080p, 8.2 Mb/s' }, 'H.264 High 4.1, 1080p, 8.2 Mb/s, which fits this device'],
  ['ladder_limit', { picture: 'H.264 High 4.1', limit: '720p' }, 'H.264 High 4.1 is more than your limit of 720p'],
  ['ladder_network', { rate: '28 Mb/s' }, '28 Mb/s is more than this connection carried last time'],
  ['ladder_slow', undefined, 'The connection is too slow for the original'],
  ['ladder_unfit', { cause: 'original_sparse' }, 'Its video can only be entered at places more than ten seconds apart'],
  ['ladder_unfit', { cause: 'original_new' }, 'The file cannot be played as it is'],
  ['ladder_unfit', undefined, 'The file cannot be played as it is'],
  ['', undefined, 'Its player went to this stream'],
  ['ladder_new_reason', undefined, 'ladder: a new reason'],
])('%s %o', (code, params, expected) => {
  expect(wayWords(says('en'), { kind: 'ladder', code, message: 'ladder: a new reason', params })).toBe(expected);
});

it.each([
  ['H.264 High 4.1, 1080p, 8.2 Mb/s', 'H.264 High 4.1, 1080p, 8,2\u00a0Mb/s, ce qui convient à cet appareil'],
  ['AV1 Main 5.1, 10 bit, 2160p, 28 Mb/s', 'AV1 Main 5.1, 10 bit, 2160p, 28\u00a0Mb/s, ce qui convient à cet appareil'],
  ['VP9 profile 0, 4.1, 8 bit, 240p, 640 kb/s', 'VP9 profile 0, 4.1, 8 bit, 240p, 640\u00a0kb/s, ce qui convient à cet appareil'],
])('writes the rate of %s in French', (picture, expected) => {
  expect(wayWords(says('fr'), { kind: 'original', code: 'original_fits', message: '', params: { picture } })).toBe(expected);
});

it('tells administrators of viewers', () => {
  const chosen = { kind: 'ladder', code: 'ladder_chosen', message: '' } as const;
  expect(wayWords(says('en'), chosen)).toBe('Chosen by you');
  expect(wayWords(says('en'), chosen, true)).toBe('Chosen by the viewer');
  expect(wayWords(says('fr'), { ...chosen, code: 'original_chosen' }, true)).toBe('Choisi par le spectateur');
  expect(wayWords(says('en'), { ...chosen, code: 'ladder_slow' }, true)).toBe('The connection is too slow for the original');
});

it('says how a file would be played', () => {
  const codec = { kind: 'ladder', code: 'ladder_codec', message: '', params: { picture: 'HEVC Main 10 5.1' } } as const;
  expect(playsWords(says('en'), codec)).toBe('Will be converted · HEVC Main 10 5.1, which this browser cannot play');
  expect(playsWords(says('fr'), codec)).toBe('Sera converti · HEVC Main 10 5.1, que ce navigateur ne sait pas lire');
  const fits = { kind: 'original', code: 'original_fits', message: '' } as const;
  expect(playsWords(says('en'), fits)).toBe('Plays as it is on this device');
  expect(playsWords(says('en'), fits, true)).toBe('Plays as it is on this device, with its sound converted');
});

/** The words between quotes that match, in the sources of the server. */
function codesIn(files: string[], code: RegExp): string[] {
  return files.flatMap((file) => readFileSync(`../${file}`, 'utf8').match(code) ?? []).map((quoted) => quoted.slice(1, -1));
}

describe.each(['en', 'fr'] as const)('in %s', (language) => {
  const of = (code: string, cause = '') =>
    wayWords(says(language), {
      kind: 'ladder',
      code,
      message: '?',
      params: { cause, picture: 'P', rate: 'R', limit: 'L', range: 'G', carried: 'C' },
    });

  it.each([
    ['the server', ['player/way/way.go'], /"(?:original|ladder|device)_[a-z_]+"/g, 15],
    ['the player', ['web/src/player/core/way-control.ts'], /'(?:original|ladder)_[a-z_]+'/g, 7],
    ['the document', ['docs/media.md'], /`(?:original|ladder|device)_[a-z_]+`/g, 20],
  ])('every reason of %s has words', (_, files, code, least) => {
    const codes = codesIn(files, code);
    expect(new Set(codes).size).toBeGreaterThanOrEqual(least);
    const isCause = (one: string) => of('ladder_unfit', one) !== of('ladder_unfit');
    expect(codes.filter((one) => (of(one) === '?' && !isCause(one)) || /\{\{|undefined/.test(of(one)))).toEqual([]);
  });

  it('every cause has words of its own', () => {
    const faults = ['transcoder/original/fault.go', 'transcoder/originals.go', 'player/original.go'];
    const codes = [...codesIn(faults, /"original_[a-z_]+"/g), 'source_away'];
    expect(codes.length).toBeGreaterThanOrEqual(24);
    expect(codes.filter((cause) => of('ladder_unfit', cause) === of('ladder_unfit'))).toEqual([]);
  });
});
