import { queryClient } from '../../api/queries';
import type { Collection } from '../../api/types';
import type { AdminKey } from '../../i18n/namespaces';

export const fillModeWords: Record<Collection['how'], AdminKey> = {
  hand: 'howHand',
  folder: 'howFolder',
  rule: 'howRule',
  set: 'howSet',
};

/** Refetches everything that shows collections. */
export const refreshCollections = () => {
  void queryClient.invalidateQueries({ queryKey: ['home'] });
  void queryClient.invalidateQueries({ queryKey: ['titles'] });
  return queryClient.invalidateQueries({ queryKey: ['collections'] });
};

/** Returns a copy of the items with the one at `at` moved by `by` positions. */
export function moveItem<V>(items: V[], at: number, by: number): V[] {
  const next = items.slice();
  const [item] = next.splice(at, 1);
  if (item !== undefined) next.splice(at + by, 0, item);
  return next;
}
