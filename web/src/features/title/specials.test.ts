import { expect, it } from 'vitest';
import type { Season } from '../../api/types';
import { type Params, translate } from '../../i18n';
import base from '../../i18n/en.json';
import en from '../../i18n/viewer.en.json';
import fr from '../../i18n/viewer.fr.json';
import { airsWords, shownIn, sizeWords, withSpecials } from './specials';

const english = (key: Parameters<typeof translate>[2], params?: Params) => translate(en, 'en', key, params);
const french = (key: Parameters<typeof translate>[2], params?: Params) => translate(fr, 'fr', key, params);

type Airs = Season['episodes'][number]['airs'];

const season = (number: number, ...episodes: [episode: number, airs?: Airs][]) =>
  ({
    id: `s${number}`,
    number,
    name: '',
    episodes: episodes.map(([episode, airs]) => ({ id: `${number}x${episode}`, season: number, episode, airs })),
  }) as Season;

const seasons = [
  season(1, [1], [2], [3]),
  season(2, [1], [2]),
  season(
    0,
    [1, { season: 1, episode: 2 }],
    [2, { season: 1, episode: 2 }],
    [3, { season: 1, after: true }],
    [9, { season: 1, episode: 8 }],
    [4, { season: 2 }],
    [5, { season: 2, episode: 9 }],
    [6],
    [7, { season: 8, episode: 1 }],
  ),
];

it.each([
  [0, '1x1 0x1 0x2 1x2 1x3 0x9 0x3'],
  [1, '0x4 2x1 2x2 0x5'],
  [2, '0x1 0x2 0x3 0x9 0x4 0x5 0x6 0x7'],
])('lists the specials of the season at %i at their places', (at, want) =>
  expect(
    withSpecials(seasons, seasons[at] as Season)
      .map(({ id }) => id)
      .join(' '),
  ).toBe(want),
);

it.each([
  ['1x2', 1],
  ['0x1', 1],
  ['0x6', 0],
  ['0x7', 0],
])('shows %s in season %i', (id, want) => {
  const episode = seasons.flatMap(({ episodes }) => episodes).find((one) => one.id === id);
  expect(episode && shownIn(seasons, episode)).toBe(want);
});

it.each<[Airs, string, string]>([
  [undefined, '', ''],
  [{ season: 2, episode: 5 }, 'Airs before S2:E5', 'Diffusé avant S2:E5'],
  [{ season: 2 }, 'Airs before season 2', 'Diffusé avant la saison 2'],
  [{ season: 2, after: true }, 'Airs after season 2', 'Diffusé après la saison 2'],
])('says where %o airs', (airs, inEnglish, inFrench) => {
  expect(airsWords(english, { airs })).toBe(inEnglish);
  expect(airsWords(french, { airs })).toBe(inFrench);
});

it('counts specials apart', () => {
  const words = (key: Parameters<typeof translate>[2], params?: Params) => translate({ ...base, ...en }, 'en', key, params);
  expect(sizeWords(words, [season(1, [1], [2]), season(2, [1]), season(0, [1])])).toEqual(['2 seasons', '3 episodes', '1 special']);
  expect(sizeWords(words, [season(1, [1])])).toEqual(['1 season', '1 episode']);
  expect(sizeWords(words, [season(0, [1], [2])])).toEqual(['2 specials']);
});
