/** The items with one of them some places up or down. */
export function moved<V>(items: V[], at: number, by: number): V[] {
  const next = items.slice();
  const [item] = next.splice(at, 1);
  if (item !== undefined) next.splice(at + by, 0, item);
  return next;
}
