import { Clapperboard, Frown } from 'lucide-react';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem';
import { useLanguage } from '../i18n';
import { Button } from './Button';
import s from './State.module.css';
import { failureWords } from './words';

interface EmptyProps {
  heading: string;
  text: string;
  icon?: ReactNode;
  children?: ReactNode;
}

/** An empty or failed state: heading, reason, action. */
export function Empty({ heading, text, icon = <Clapperboard />, children }: EmptyProps) {
  return (
    <div className={s.state} data-nav-line="">
      <span className={s.icon}>{icon}</span>
      <h2 className={s.heading}>{heading}</h2>
      <p className={s.text}>{text}</p>
      {children}
    </div>
  );
}

/** An error with its code and a retry button. The server's message takes precedence, because it is specific. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const words = useLanguage();
  const { t } = words;
  const problem = asProblem(error);
  return (
    <div className={s.state} role="alert" data-nav-line="">
      <span className={s.icon}>
        <Frown />
      </span>
      <h2 className={s.heading}>{t(problem.code === 'offline' ? 'offline' : 'failed')}</h2>
      <p className={s.text}>{failureWords(words, error)}</p>
      <p className={s.code}>{problem.code}</p>
      <Button tone="primary" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}
