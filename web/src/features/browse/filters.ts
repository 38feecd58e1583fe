import type { Browse, Facet, FacetName, Facets } from '../../api/types';
import type { ViewerKey, ViewerT } from '../../i18n/namespaces';

/** A filter of the browse page: its URL parameter, its facet and its label. */
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

/** The label of an option: genres and channels have names, the others are translated. */
export function nameOf(t: ViewerT, { name }: Filter, { id, name: own }: Facet): string {
  if (name === 'minutes') return lengthWords(t, id);
  if (name === 'year') return yearWords(t, id);
  const words = watchedWords[id];
  return name === 'watched' && words ? t(words) : own;
}

/** The options of one filter. The active option is included even if its count is zero. */
export function optionsOf({ name, facet }: Filter, facets: Partial<Facets> | undefined, browse: Browse): Facet[] {
  const found = facets?.[facet] ?? [];
  const chosen = browse[name];
  return chosen === undefined || found.some(({ id }) => id === chosen) ? found : [...found, { id: chosen, name: chosen, count: 0 }];
}

/** The active filters, without kind and order. */
export function activeFilters(browse: Browse): Filter[] {
  return filters.filter(({ name }) => browse[name] !== undefined);
}
