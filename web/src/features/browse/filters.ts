import type { Browse, Facet, FacetName, Facets } from '../../api/types';
import type { ViewerKey, ViewerT } from '../../i18n/namespaces';

/** A question the wall can be asked, its place in the address, and where the server counts its answers. */
export interface Filter {
  name: 'genre' | 'year' | 'minutes' | 'collection' | 'watched';
  facet: FacetName;
  words: ViewerKey;
}

export const filters: Filter[] = [
  { name: 'genre', facet: 'genres', words: 'genre' },
  { name: 'year', facet: 'years', words: 'year' },
  { name: 'minutes', facet: 'minutes', words: 'length' },
  { name: 'collection', facet: 'collections', words: 'channel' },
  { name: 'watched', facet: 'watched', words: 'watchedFacet' },
];

const watchedWords: Record<string, ViewerKey> = { yes: 'watchedYes', no: 'watchedNo', begun: 'watchedBegun' };

/**
 * "-45" → "Up to 45 min", "90-120" → "90 to 120 min", "150-" → "Over 150 min".
 * @internal
 */
export function lengthWords(t: ViewerT, minutes: string): string {
  const [from = '', to = ''] = minutes.split('-');
  if (from === '') return t('lengthUpTo', { minutes: to });
  return to === '' ? t('lengthFrom', { minutes: from }) : t('lengthBetween', { from, to });
}

/**
 * "1990-1999" → "1990s"; any other years stay as they are.
 * @internal
 */
export function yearWords(t: ViewerT, years: string): string {
  const [from = '', to = ''] = years.split('-');
  if (to === '') return from;
  return from.endsWith('0') && Number(to) === Number(from) + 9 ? t('decade', { year: from }) : `${from}–${to}`;
}

/** What an answer is called: the library names genres and channels, the rest has words here. */
export function nameOf(t: ViewerT, { name }: Filter, { id, name: own }: Facet): string {
  if (name === 'minutes') return lengthWords(t, id);
  if (name === 'year') return yearWords(t, id);
  const words = watchedWords[id];
  return name === 'watched' && words ? t(words) : own;
}

/** The answers of one filter. The one that is chosen is there even when nothing is left of it. */
export function optionsOf({ name, facet }: Filter, facets: Partial<Facets> | undefined, browse: Browse): Facet[] {
  const found = facets?.[facet] ?? [];
  const chosen = browse[name];
  return chosen === undefined || found.some(({ id }) => id === chosen) ? found : [...found, { id: chosen, name: chosen, count: 0 }];
}

/** What is asked of the wall beside its kind and order. */
export function activeFilters(browse: Browse): Filter[] {
  return filters.filter(({ name }) => browse[name] !== undefined);
}
