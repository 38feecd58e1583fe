/** Joins class names, leaving out what is not wanted. */
export function names(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
