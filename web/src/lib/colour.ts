/** Colour arithmetic on "#rrggbb". The server sends one colour per title; everything drawn around its picture comes from it. */
interface Hsl {
  /** degrees */ h: number;
  /** 0..1 */ s: number;
  /** 0..1 */ l: number;
}

const fallback = '#2b3a55';

/** @internal */
export function parse(hex: string | undefined): Hsl {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex ?? '')?.[1] ?? fallback.slice(1);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255);
  const high = Math.max(r, g, b);
  const low = Math.min(r, g, b);
  const l = (high + low) / 2;
  const spread = high - low;
  if (spread === 0) return { h: 0, s: 0, l };
  const s = spread / (1 - Math.abs(2 * l - 1));
  const sector = high === r ? ((g - b) / spread + 6) % 6 : high === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  return { h: sector * 60, s, l };
}

function css({ h, s, l }: Hsl): string {
  return `hsl(${Math.round(h) % 360}, ${Math.round(s * 100)}%, ${Math.round(l * 100)}%)`;
}

/** The family of colours drawn from one: a ground dark enough for white text, a glow, and an accent for small marks. */
export function palette(hex: string | undefined): { deep: string; tint: string; glow: string; accent: string } {
  const base = parse(hex);
  const s = base.s < 0.08 ? 0.06 : Math.min(0.75, Math.max(0.32, base.s));
  return {
    deep: css({ h: base.h, s: s * 0.9, l: 0.08 }),
    tint: css({ h: base.h, s, l: 0.24 }),
    glow: css({ h: base.h + 24, s, l: 0.42 }),
    accent: css({ h: base.h + 8, s: Math.min(0.9, s + 0.2), l: 0.68 }),
  };
}
