/** 8234000 → "8.23 Mb/s" in one line, with the decimal sign of the language; one digit suits a menu, two a measurement. */
export function megabits(language: string, bitsPerSecond: number, digits: 1 | 2 = 2): string {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(bitsPerSecond / 1e6)}\u00a0Mb/s`;
}
