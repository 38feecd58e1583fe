import type { CSSProperties } from 'react';
import { palette } from '../lib/colour';
import { pick, setTitle } from '../lib/poster';
import { names } from './class-names';
import { Picture } from './Picture';
import s from './PosterArt.module.css';

interface Props {
  id: string;
  name: string;
  year?: number;
  color: string;
  still?: string;
  poster?: string;
  /** the poster is a video frame without lettering: the name is drawn over it */ posterIsFrame?: boolean;
}

const compositions = ['dusk', 'beam', 'rings', 'dunes'] as const;

/**
 * A 2:3 poster: the poster picture; else the still, cropped and faded into the title's colour with the name over it; else a
 * generated composition in that colour, so that no poster of a grid is blank.
 */
export function PosterArt({ id, name, year, color, still, poster, posterIsFrame }: Props) {
  const { deep, tint, glow, accent } = palette(color);
  const style = { '--deep': deep, '--tint': tint, '--glow': glow, '--accent': accent } as CSSProperties;
  if (poster && !posterIsFrame) {
    return (
      <div className={s.art} style={style}>
        <Picture url={poster} width={480} />
      </div>
    );
  }
  const composition = compositions[pick(id + name, compositions.length)] ?? 'dusk';
  return (
    <div className={names(s.art, !still && s[composition])} style={style} aria-hidden="true">
      {still && <Picture url={still} width={480} className={s.still} />}
      {still && <div className={s.sink} />}
      <Lettering name={name} year={year} />
    </div>
  );
}

/** The name in the display font, bottom-aligned, as SVG text that scales with the card. */
function Lettering({ name, year }: { name: string; year?: number }) {
  const { size, lines } = setTitle(name);
  const leading = size * 1.04;
  const foot = 262;
  const top = foot - (lines.length - 1) * leading - size - 6;
  return (
    <svg className={s.lettering} viewBox="0 0 200 300" aria-hidden="true">
      <rect x="14" y={top} width="26" height="3" rx="1.5" className={s.rule} />
      <text className={s.name} fontSize={size}>
        {lines.map((line, at) => (
          <tspan key={at} x="14" y={foot - (lines.length - 1 - at) * leading}>
            {line}
          </tspan>
        ))}
      </text>
      {year !== undefined && (
        <text className={s.year} x="14" y="286">
          {year}
        </text>
      )}
    </svg>
  );
}
