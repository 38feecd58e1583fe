import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Page } from './Page';
import s from './SectionNav.module.css';
import { useDevice } from './use-device';

interface Section {
  to: LinkProps['to'];
  label: string;
  icon: ReactNode;
}

interface Props {
  /** the current section; the page's h1 */ title: string;
  /** label of the navigation */ label: string;
  sections: Section[];
  /** limits the width, for forms and short lines */ narrow?: boolean;
  busy?: boolean;
  children: ReactNode;
}

/** A page with a section navigation: at the side, or above the content on a phone. */
export function SectionNav({ title, label, sections, narrow, busy, children }: Props) {
  const above = useDevice() === 'phone';
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // Scrolls the current section's link into view.
    const here = above ? nav.current?.querySelector<HTMLElement>('[aria-current]') : null;
    if (here && nav.current) nav.current.scrollLeft = here.offsetLeft - (nav.current.clientWidth - here.offsetWidth) / 2;
  }, [above]);
  return (
    <Page title={title} heading busy={busy}>
      <div className={s.sections} data-nav={above ? 'col' : 'row'}>
        <nav
          ref={nav}
          className={s.links}
          aria-label={label}
          data-nav={above ? 'row' : 'col'}
          data-nav-aside=""
          data-nav-track={above ? '' : undefined}
        >
          {sections.map(({ to, label: name, icon }) => (
            <Link key={to} to={to} className={s.link} activeOptions={{ exact: true }} activeProps={{ 'data-nav-default': '' } as object}>
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
