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

/** Background and header of the signed-out pages: logo, language switch, action. */
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

/** Layout of the signed-out pages: header and one card. */
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

/** An error message above a form. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p className={s.notice} role="alert">
      <CircleAlert aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}

/** Links below the form. */
export function AuthFooter({ children }: { children: ReactNode }) {
  return (
    <div className={s.foot} data-nav="col">
      {children}
    </div>
  );
}
