import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import s from './Areas.module.css';
import { Page } from './Page';
import { useDevice } from './use-device';

interface Area {
  to: LinkProps['to'];
  label: string;
  icon: ReactNode;
}

interface Props {
  /** the area in view; the page's h1 */ title: string;
  /** what the areas are parts of */ label: string;
  areas: Area[];
  /** forms and short lines: no wider than reads well */ narrow?: boolean;
  busy?: boolean;
  children: ReactNode;
}

/** A page that is one of several that belong together: their names at the side, or above on a phone. */
export function Areas({ title, label, areas, narrow, busy, children }: Props) {
  const above = useDevice() === 'phone';
  const places = useRef<HTMLElement>(null);
  useEffect(() => {
    // The area in view may be beyond the edge of the row.
    const here = above ? places.current?.querySelector<HTMLElement>('[aria-current]') : null;
    if (here && places.current) places.current.scrollLeft = here.offsetLeft - (places.current.clientWidth - here.offsetWidth) / 2;
  }, [above]);
  return (
    <Page title={title} heading busy={busy}>
      <div className={s.areas} data-nav={above ? 'col' : 'row'}>
        <nav
          ref={places}
          className={s.places}
          aria-label={label}
          data-nav={above ? 'row' : 'col'}
          data-nav-aside=""
          data-nav-track={above ? '' : undefined}
        >
          {areas.map(({ to, label: name, icon }) => (
            <Link key={to} to={to} className={s.place} activeOptions={{ exact: true }} activeProps={{ 'data-nav-default': '' } as object}>
              {icon}
              <span>{name}</span>
            </Link>
          ))}
        </nav>
        <div className={s.body} data-narrow={narrow || undefined} data-nav="col">
          {children}
        </div>
      </div>
    </Page>
  );
}
