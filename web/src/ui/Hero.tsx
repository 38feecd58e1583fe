import type { CSSProperties, ReactNode } from 'react';
import type { TitleCard } from '../api/types';
import { useT } from '../i18n';
import { palette } from '../lib/colour';
import s from './Hero.module.css';
import { Picture } from './Picture';
import { duration, sharpness } from './words';

interface Props {
  title: Omit<TitleCard, 'genres'>;
  /** the page's h1 is the title itself */ isHeading?: boolean;
  kicker?: ReactNode;
  /** the sentence or two about the title */ blurb?: string;
  /** extra facts after year and length */ facts?: string[];
  /** lower than on the home page */ low?: boolean;
  children: ReactNode;
}

/** The big picture at the top of a page, sunk into the ground, with the name and its actions on it. */
export function Hero({ title, kicker, blurb, facts = [], low, isHeading, children }: Props) {
  const t = useT();
  const { tint, glow, deep } = palette(title.color);
  const Heading = isHeading ? 'h1' : 'h2';
  const meta = [title.year, title.durationMs ? duration(t, title.durationMs) : '', ...facts].filter(Boolean);
  const sharp = sharpness(title.height);
  return (
    <section
      className={s.hero}
      data-low={low || undefined}
      data-nav-line=""
      data-nav="col"
      style={{ '--tint': tint, '--glow': glow, '--deep': deep } as CSSProperties}
    >
      <div className={s.backdrop} data-still={title.still ? '' : undefined}>
        {title.still && <Picture url={title.still} width={1280} eager />}
      </div>
      <div className={s.text}>
        {kicker && <div className={s.kicker}>{kicker}</div>}
        <Heading className={s.name}>{title.name}</Heading>
        <p className={s.meta}>
          {meta.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          {sharp && <span className={s.tag}>{sharp}</span>}
        </p>
        {blurb && <p className={s.blurb}>{blurb}</p>}
        <div className={s.actions} data-nav="row">
          {children}
        </div>
      </div>
    </section>
  );
}
