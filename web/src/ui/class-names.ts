/** Joins class names without the falsy ones. */
export function names(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
