import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useT } from '../i18n';
import s from './Row.module.css';

interface Props {
  title: string;
  /** a link to the whole list */ more?: ReactNode;
  /** for small items such as portraits */ narrow?: boolean;
  children: ReactNode;
}

/** A horizontally scrolling row of cards: by swipe, wheel, two arrow buttons for the mouse, or moving the focus. */
export function Row({ title, more, narrow, children }: Props) {
  const t = useT();
  const track = useRef<HTMLDivElement>(null);
  const turn = (pages: number) => {
    const element = track.current;
    element?.scrollBy({ left: pages * element.clientWidth * 0.85, behavior: 'smooth' });
  };
  return (
    <section className={s.row} data-narrow={narrow || undefined} data-nav="col" data-nav-line="">
      <div className={s.head}>
        <h2 className={s.title}>{title}</h2>
        {more}
      </div>
      <div className={s.body}>
        <div className={s.track} ref={track} data-nav="row" data-nav-track="" data-nav-remember="">
          {children}
        </div>
        {/* For the mouse only: keyboards and screen readers move through the cards themselves. */}
        <button
          type="button"
          className={s.before}
          tabIndex={-1}
          aria-hidden="true"
          data-nav-skip=""
          title={t('previous')}
          onClick={() => turn(-1)}
        >
          <ChevronLeft />
        </button>
        <button
          type="button"
          className={s.after}
          tabIndex={-1}
          aria-hidden="true"
          data-nav-skip=""
          title={t('next')}
          onClick={() => turn(1)}
        >
          <ChevronRight />
        </button>
      </div>
    </section>
  );
}
