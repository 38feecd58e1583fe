import type { Season, TitleCard } from '../../api/types';
import type { ViewerT } from '../../i18n/namespaces';
import { episodeTag } from '../../ui/words';

/** Where a special airs among the other seasons: "Airs before S2:E5"; empty without a place. */
export function airsWords(t: ViewerT, { airs }: Pick<TitleCard, 'airs'>): string {
  if (!airs) return '';
  const { season, episode, after } = airs;
  if (after) return t('airsAfterSeason', { number: season });
  return episode ? t('airsBefore', { tag: episodeTag({ season, episode }) }) : t('airsBeforeSeason', { number: season });
}

/** The season whose list shows an episode: that in which it airs, if it is there, else its own. */
export function shownIn(seasons: Season[], { season, airs }: Pick<TitleCard, 'season' | 'airs'>): number | undefined {
  return airs && seasons.some(({ number }) => number === airs.season) ? airs.season : season;
}

/** The number of the episode that a special precedes in its season. */
const before = ({ airs }: Pick<TitleCard, 'airs'>) => (airs?.after ? Number.POSITIVE_INFINITY : (airs?.episode ?? 0));

/** The episodes of a season, with the specials that air in it at their places. */
export function withSpecials(seasons: Season[], season: Season): Season['episodes'] {
  if (season.number === 0) return season.episodes;
  const specials = seasons
    .flatMap(({ number, episodes }) => (number === 0 ? episodes : []))
    .filter(({ airs }) => airs?.season === season.number)
    .sort((a, b) => before(a) - before(b) || (a.episode ?? 0) - (b.episode ?? 0));
  const out = season.episodes.slice();
  for (const special of specials) {
    const at = out.findIndex((other) => other.season !== 0 && (other.episode ?? 0) >= before(special));
    out.splice(at < 0 ? out.length : at, 0, special);
  }
  return out;
}

/** How much of a series there is: "2 seasons", "6 episodes", "1 special". */
export function sizeWords(t: ViewerT, seasons: Season[]): string[] {
  const regular = seasons.filter(({ number }) => number !== 0);
  const count = (some: Season[]) => some.reduce((sum, { episodes }) => sum + episodes.length, 0);
  const specials = count(seasons) - count(regular);
  return [
    ...(regular.length > 0 ? [t('seasons', { count: regular.length }), t('episodes', { count: count(regular) })] : []),
    ...(specials > 0 ? [t('specialsCount', { count: specials })] : []),
  ];
}
