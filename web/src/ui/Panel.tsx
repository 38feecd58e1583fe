import { type ReactNode, useId } from 'react';
import s from './Panel.module.css';

interface Props {
  title: string;
  /** buttons at the right of the title */ actions?: ReactNode;
  children: ReactNode;
}

/** A titled card. */
export function Panel({ title, actions, children }: Props) {
  const id = useId();
  return (
    <section className={s.panel} aria-labelledby={id} data-nav="col">
      <header className={s.head}>
        <h2 id={id} className={s.title}>
          {title}
        </h2>
        <div className={s.actions} data-nav="row">
          {actions}
        </div>
      </header>
      {children}
    </section>
  );
}

/** One row of a panel: title, facts, actions at the right. */
export function Line({
  icon,
  title,
  facts,
  tone,
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  facts?: ReactNode;
  tone?: 'warn' | 'danger';
  children?: ReactNode;
}) {
  return (
    <div className={s.line} data-nav="row">
      {icon && (
        <span className={s.icon} data-tone={tone} aria-hidden="true">
          {icon}
        </span>
      )}
      <div className={s.words}>
        <p className={s.name}>{title}</p>
        {facts && (
          <p className={s.facts} data-tone={tone}>
            {facts}
          </p>
        )}
      </div>
      {children}
    </div>
  );
}

export function Note({ children }: { children: ReactNode }) {
  return <p className={s.note}>{children}</p>;
}
