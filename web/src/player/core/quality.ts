import { load, save } from '../../lib/storage';
import type { Level } from './engine';

/** What the viewer chose in the quality menu. */
export type Quality = { kind: 'auto' } | { kind: 'original' } | { kind: 'rung' /** picture height in pixels */; height: number };

/** The choice as `POST /sessions` knows it. */
export type QualityWish = 'auto' | 'original' | 'ladder';

export const automatic: Quality = { kind: 'auto' };

/** The quality that was last chosen on this device. */
export function storedQuality(): Quality {
  const text = load('quality');
  if (text === 'original') return { kind: 'original' };
  const height = Number(text);
  return height > 0 ? { kind: 'rung', height } : automatic;
}

export function storeQuality(quality: Quality): void {
  save('quality', quality.kind === 'rung' ? String(quality.height) : quality.kind);
}

export function qualityWish({ kind }: Quality): QualityWish {
  return kind === 'rung' ? 'ladder' : kind;
}

/** The level that comes nearest to a chosen height from below, else the lowest one, or -1 when there are none. */
export function levelOf(levels: Level[], height: number): number {
  const below = levels.filter((level) => level.height <= height);
  const found = below.reduce<Level | undefined>((best, level) => (best && best.height > level.height ? best : level), undefined);
  return (found ?? levels[0])?.index ?? -1;
}
