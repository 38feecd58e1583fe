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
  /** the password must differ from the e-mail address */ email?: string;
  error?: string;
  autoFocus?: boolean;
}

/** Minimum password length until the server's rules are loaded. */
const usual = 10;

/** Debounce of the password check in milliseconds. */
const pause = 350;

/** The server's check of a password, debounced; undefined until it is known. */
function useVerdict(password: string, email: string | undefined, longEnough: boolean): PasswordVerdict | undefined {
  const [verdict, setVerdict] = useState<PasswordVerdict>();
  useEffect(() => {
    setVerdict(undefined);
    if (!longEnough) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      // A failed check does not block the form, because submitting checks again.
      ownAccount.passwordStrength(password, email, asking.signal).then(setVerdict, () => undefined);
    }, pause);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [password, email, longEnough]);
  return verdict;
}

/** New password field with a list of rules, each ticked once it is met. */
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
          {/* The server's reasons are English, so the rule is translated here. */}
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
