import { type ReactNode, useEffect } from 'react';
import { names } from './class-names';
import s from './Page.module.css';

interface Props {
  /** the document's title, and the page's only h1 when `heading` is set */ title: string;
  heading?: boolean;
  /** still loading: nothing to focus yet */ busy?: boolean;
  /** rendered without the shell */ plain?: boolean;
  children: ReactNode;
}

/** The main landmark of a page. Tests read `data-ready`, the focus guard reads `data-busy`. */
export function Page({ title, heading, busy, plain, children }: Props) {
  useEffect(() => {
    document.title = title ? `${title} · Movify` : 'Movify';
  }, [title]);
  const inner = (
    <>
      {heading && <h1 className={s.heading}>{title}</h1>}
      {children}
    </>
  );
  return (
    <main
      id="main"
      className={names(s.page, heading && s.below)}
      data-busy={busy || undefined}
      data-ready={!busy || undefined}
      data-nav="col"
      data-plain={plain || undefined}
    >
      {inner}
    </main>
  );
}
