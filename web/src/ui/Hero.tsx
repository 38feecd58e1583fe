import { Star } from 'lucide-react';
import { type CSSProperties, type ReactNode, useState } from 'react';
import type { TitleSummary } from '../api/types';
import { useLanguage } from '../i18n';
import { palette } from '../lib/colour';
import s from './Hero.module.css';
import { Picture, sized } from './Picture';
import { duration, sharpness } from './words';

interface Props {
  title: TitleSummary;
  /** the title is the page's h1 */ isHeading?: boolean;
  kicker?: ReactNode;
  /** the sentence or two about the title */ blurb?: string;
  /** extra facts after year and duration */ facts?: string[];
  /** lower than on the home page */ low?: boolean;
  children: ReactNode;
}

/** The backdrop at the top of a page, faded into the background, with name and actions. */
export function Hero({ title, kicker, blurb, facts = [], low, isHeading, children }: Props) {
  const { tint, glow, deep } = palette(title.color);
  const Heading = isHeading ? 'h1' : 'h2';
  const picture = title.backdrop ?? title.still;
  return (
    <section
      className={s.hero}
      data-low={low || undefined}
      data-nav-line=""
      data-nav="col"
      style={{ '--tint': tint, '--glow': glow, '--deep': deep } as CSSProperties}
    >
      <div className={s.backdrop} data-still={picture ? '' : undefined}>
        {picture && <Picture key={picture} url={picture} width={title.backdrop ? 1920 : 1280} eager />}
      </div>
      <div className={s.text}>
        {kicker && <div className={s.kicker}>{kicker}</div>}
        <Heading className={s.name}>
          <Name key={title.id} title={title} />
        </Heading>
        <Meta title={title} facts={facts} />
        {blurb && <p className={s.blurb}>{blurb}</p>}
        <div className={s.actions} data-nav="row">
          {children}
        </div>
      </div>
    </section>
  );
}

/** The title's logo picture, if any; episodes show their name, because the logo is that of the series. */
function Name({ title: { name, logo, kind } }: { title: TitleSummary }) {
  const [failed, setFailed] = useState(false);
  if (!logo || failed || kind === 'episode') return name;
  return <img className={s.logo} src={sized(logo, 640)} alt={name} draggable={false} onError={() => setFailed(true)} />;
}

function Meta({ title, facts }: { title: TitleSummary; facts: string[] }) {
  const { t, language } = useLanguage();
  const sharp = sharpness(title.height);
  const rated = title.certification || (title.age === undefined || title.age === null ? '' : t('ageFrom', { age: title.age }));
  return (
    <p className={s.meta}>
      {title.year && <span>{title.year}</span>}
      {rated && <span className={s.tag}>{rated}</span>}
      {[title.durationMs ? duration(t, title.durationMs) : '', ...facts].filter(Boolean).map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      {title.score && (
        <span className={s.score}>
          <Star fill="currentColor" aria-hidden="true" />
          {new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(title.score)}
        </span>
      )}
      {sharp && <span className={s.tag}>{sharp}</span>}
    </p>
  );
}
