import { Clapperboard, Frown } from 'lucide-react';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem';
import { useT } from '../i18n';
import { Button } from './Button';
import s from './State.module.css';

interface EmptyProps {
  heading: string;
  text: string;
  icon?: ReactNode;
  children?: ReactNode;
}

/** One line what, one line why, one action. */
export function Empty({ heading, text, icon = <Clapperboard />, children }: EmptyProps) {
  return (
    <div className={s.state}>
      <span className={s.icon}>{icon}</span>
      <h2 className={s.heading}>{heading}</h2>
      <p className={s.text}>{text}</p>
      {children}
    </div>
  );
}

/** What failed, its code and a way to try again. The server's own words win, because they are about this case. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  const problem = asProblem(error);
  const offline = problem.code === 'offline';
  const text = offline ? t('offlineText') : problem.message || t('failedText');
  return (
    <div className={s.state} role="alert">
      <span className={s.icon}>
        <Frown />
      </span>
      <h2 className={s.heading}>{t(offline ? 'offline' : 'failed')}</h2>
      <p className={s.text}>{text}</p>
      <p className={s.code}>{problem.code}</p>
      <Button tone="primary" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}
