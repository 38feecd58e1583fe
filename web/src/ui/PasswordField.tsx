import { useQuery } from '@tanstack/react-query';
import { Circle, CircleCheck, CircleX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { accountQueries, ownAccount } from '../api/account';
import type { PasswordVerdict } from '../api/types';
import { useAccountWords } from '../i18n/namespaces';
import { Field } from './Field';
import s from './PasswordField.module.css';

interface Props {
  label: string;
  name: string;
  /** a password must not be the address itself */ email?: string;
  error?: string;
  autoFocus?: boolean;
}

/** The shortest password a server takes that has not said so yet. */
const usual = 10;

/** The server is asked this long after the last key. */
const pause = 350;

/** What the server thinks of a password, once the typing pauses; nothing while it is not known. */
function useVerdict(password: string, email: string | undefined, longEnough: boolean): PasswordVerdict | undefined {
  const [verdict, setVerdict] = useState<PasswordVerdict>();
  useEffect(() => {
    setVerdict(undefined);
    if (!longEnough) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      // An answer that does not come is no reason to hold anybody up: the form itself is checked again.
      ownAccount.passwordStrength(password, email, asking.signal).then(setVerdict, () => undefined);
    }, pause);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [password, email, longEnough]);
  return verdict;
}

/** A new password with its rules below it, each ticked as soon as it is met. */
export function PasswordField({ label, name, email, error, autoFocus }: Props) {
  const { t, language } = useAccountWords();
  const [password, setPassword] = useState('');
  const { data: { minLength } = { minLength: usual } } = useQuery(accountQueries.passwordRules);
  const longEnough = Array.from(password).length >= minLength;
  const verdict = useVerdict(password, email, longEnough);
  const guessed = verdict && !verdict.ok;
  return (
    <div className={s.password}>
      <Field
        label={label}
        name={name}
        type="password"
        autoComplete="new-password"
        required
        autoFocus={autoFocus}
        error={error}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ul className={s.rules} aria-live="polite">
        <Rule met={longEnough}>{t('ruleLength', { count: minLength })}</Rule>
        <Rule met={verdict?.ok ?? false} broken={guessed}>
          {/* The server's reasons are English; the rule itself is said in the reader's language. */}
          {guessed && verdict.reason && language === 'en' ? verdict.reason : t('ruleCommon')}
        </Rule>
      </ul>
    </div>
  );
}

function Rule({ met, broken, children }: { met: boolean; broken?: boolean; children: string }) {
  return (
    <li className={s.rule} data-met={met || undefined} data-broken={broken || undefined}>
      {met ? <CircleCheck aria-hidden="true" /> : broken ? <CircleX aria-hidden="true" /> : <Circle aria-hidden="true" />}
      {children}
    </li>
  );
}
