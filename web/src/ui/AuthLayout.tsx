import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Language, languages, setLanguage, useLanguage } from '../i18n';
import s from './AuthLayout.module.css';
import { Logo } from './Logo';
import { Page } from './Page';

interface Props {
  title: string;
  /** small words above the title, such as "Step 2 of 3" */ step?: string;
  lead?: string;
  wide?: boolean;
  children: ReactNode;
}

/** The sky behind a page before anyone is signed in, and its head: the logo, the choice of language, a way on. */
export function AuthHeader({ children }: { children?: ReactNode }) {
  const { language } = useLanguage();
  return (
    <>
      <div className={s.sky} aria-hidden="true" />
      <header className={s.head}>
        <Logo />
        <div className={s.languages} data-nav="row">
          {Object.entries(languages).map(([value, label]) => (
            <button
              key={value}
              type="button"
              lang={value}
              aria-pressed={value === language}
              className={s.language}
              onClick={() => void setLanguage(value as Language)}
            >
              {label}
            </button>
          ))}
          {children}
        </div>
      </header>
    </>
  );
}

/** A page before anyone is signed in: the logo, one card, the choice of language. */
export function AuthLayout({ title, step, lead, wide, children }: Props) {
  return (
    <Page title={title} plain>
      <AuthHeader />
      <div className={s.card} data-wide={wide || undefined} data-nav="col">
        {step && <p className={s.step}>{step}</p>}
        <h1 className={s.title}>{title}</h1>
        {lead && <p className={s.lead}>{lead}</p>}
        {children}
      </div>
    </Page>
  );
}

/** A refusal in words, above the form it is about. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p className={s.notice} role="alert">
      <CircleAlert aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}

/** The other ways on, below the form. */
export function AuthFooter({ children }: { children: ReactNode }) {
  return (
    <div className={s.foot} data-nav="col">
      {children}
    </div>
  );
}
