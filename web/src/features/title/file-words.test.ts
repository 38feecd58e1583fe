import { expect, it } from 'vitest';
import { type Params, translate } from '../../i18n';
import type { ViewerKey } from '../../i18n/namespaces';
import en from '../../i18n/viewer.en.json';
import fr from '../../i18n/viewer.fr.json';
import { audioWords, codecWords, noteWords, videoWords } from './file-words';

const english = (key: ViewerKey, params?: Params) => translate(en, 'en', key, params);
const french = (key: ViewerKey, params?: Params) => translate(fr, 'fr', key, params);

it.each([
  ['MSMPEG4V3 768×576 10', 'MS-MPEG-4 v3 · 768×576 · 10 fps'],
  ['H.264 1920×1080 23.976', 'H.264 · 1920×1080 · 23.976 fps'],
  ['Motion JPEG 640×480 29.970', 'Motion JPEG · 640×480 · 29.97 fps'],
  ['NEWCODEC 640×480', 'NEWCODEC 640×480'],
  ['', ''],
])('reads %s as %s', (text, words) => expect(videoWords(english, text)).toBe(words));

it('writes the rate as the language does', () => expect(videoWords(french, 'HEVC 1920×800 23.976')).toBe('HEVC · 1920×800 · 23,976 i/s'));

it.each([
  ['English Dolby Digital Plus 5.1', 'English Dolby Digital Plus 5.1'],
  ['PCM_S16LE mono', 'PCM mono'],
  ['Audio 1 ADPCM_MS stereo', 'Audio 1 ADPCM stereo'],
  ['Audio 1 WMAV2 stereo', 'Audio 1 Windows Media Audio 2 stereo'],
])('calls %s %s', (text, words) => expect(codecWords(text)).toBe(words));

it('tells how many tracks are not encoded', () => {
  const file = { name: 'heat.mkv', size: 1, container: 'Matroska', audio: ['English AAC stereo', 'fre AAC stereo'] };
  expect(audioWords(english, file)).toBe('English AAC stereo · fre AAC stereo');
  expect(audioWords(english, { ...file, audioLeftOut: 1 })).toBe('English AAC stereo · fre AAC stereo · 1 of them is not encoded');
  expect(audioWords(english, { ...file, audioLeftOut: 268 })).toMatch(/ · 268 of them are not encoded$/);
});

it('tells what is not played', () => {
  const file = { name: 'heat.mkv', size: 1, container: 'Matroska', audio: [] };
  expect(noteWords(english, file)).toBe('');
  expect(noteWords(english, { ...file, notes: ['audio-undecodable', 'ordered-chapters', 'stereo'] })).toBe(
    'Sound in a format that the server cannot decode is left out. Its chapters are a list of parts to play; it is played from beginning to end. It is a 3D film: the pictures for both eyes are shown, next to each other or one above the other.',
  );
});
