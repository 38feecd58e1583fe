import { beforeEach, describe, expect, it } from 'vitest';
import { save } from '../../lib/storage';
import { audioPreference, bestTrack } from './audio-preference';
import type { Audio } from './engine';

function heard(current: number, ...tracks: string[]): Audio {
  return {
    all: tracks.map((track, index) => {
      const [language = '', name = ''] = track.split(' ');
      return { index, language, name };
    }),
    current,
  };
}

describe('the track that comes nearest to a wish', () => {
  it.each<[string, Audio, string, number]>([
    ['nothing is wished', heard(1, 'en', 'fr'), '', 1],
    ['it is there', heard(0, 'en', 'fr'), 'fr', 1],
    ['it is not there', heard(1, 'en', 'de'), 'fr', 1],
    ['it plays already, as the second of its language', heard(1, 'fr', 'fr'), 'fr', 1],
    ['there are two, and neither plays', heard(0, 'en', 'fr', 'fr'), 'fr', 1],
    ['it is there with its country', heard(0, 'pt', 'pt-PT', 'pt-BR'), 'pt-BR', 2],
    ['no country goes before another country', heard(0, 'en', 'pt-PT', 'pt'), 'pt-BR', 2],
    ['only another country is there', heard(0, 'en', 'fr-CA'), 'fr', 1],
    ['capitals do not count', heard(0, 'en', 'FR'), 'fr', 1],
    ['a language that only begins alike', heard(0, 'en', 'fro'), 'fr', 0],
    ['tracks of unknown language', heard(0, 'und', ''), 'fr', 0],
    ['nothing is there', heard(-1), 'fr', -1],
  ])('%s', (_, audio, language, expected) => {
    expect(bestTrack(audio, { language })).toBe(expected);
  });

  it('tells tracks of one language apart by their names', () => {
    expect(bestTrack(heard(0, 'fr Film', 'fr Director'), { language: 'fr', name: 'Director' })).toBe(1);
    expect(bestTrack(heard(0, 'en Film', 'fr-CA Director', 'fr Film'), { language: 'fr', name: 'Director' })).toBe(2);
  });
});

describe('commentaries and descriptions', () => {
  const audio: Audio = {
    all: [
      { index: 0, language: 'en', name: 'English' },
      { index: 1, language: 'fr', name: 'Commentaire', aside: true },
      { index: 2, language: 'fr-CA', name: 'Français' },
    ],
    current: 0,
  };
  it('do not start because of their language', () => expect(bestTrack(audio, { language: 'fr' })).toBe(2));
  it('start when they were chosen', () => expect(bestTrack(audio, { language: 'fr', name: 'Commentaire' })).toBe(1));
});

describe('the voices of a profile', () => {
  const audio = heard(0, 'en', 'fr', 'de');
  const anna = { id: 'anna', audioLanguage: 'fr' };
  const german = { index: 2, language: 'de', name: '' };
  beforeEach(() => save('voices', '[]'));

  it('are those of its settings until one is picked, and then that one for this title alone', () => {
    const film = audioPreference(anna, { id: 'film' });
    expect(film.pick(audio)).toBe(1);
    film.keep(german);
    expect(audioPreference(anna, { id: 'film' }).pick(audio)).toBe(2);
    expect(audioPreference(anna, { id: 'another' }).pick(audio)).toBe(1);
    expect(audioPreference({ id: 'ben' }, { id: 'film' }).pick(audio)).toBe(0);
  });

  it('hold for the whole series', () => {
    audioPreference(anna, { id: 'e1', seriesId: 'series' }).keep(german);
    expect(audioPreference(anna, { id: 'e2', seriesId: 'series' }).pick(audio)).toBe(2);
  });

  it('are kept for the last hundred titles', () => {
    for (let at = 0; at < 101; at += 1) audioPreference(anna, { id: String(at) }).keep(german);
    expect(audioPreference(anna, { id: '0' }).pick(audio)).toBe(1);
    expect(audioPreference(anna, { id: '1' }).pick(audio)).toBe(2);
  });

  it.each(['{', '{}', '3'])('do without a store that holds %s', (text) => {
    save('voices', text);
    expect(audioPreference(anna, { id: 'film' }).pick(audio)).toBe(1);
  });
});
