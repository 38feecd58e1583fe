import type { FormEvent } from 'react';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Actions } from '../../ui/Dialog';
import { fieldError, isFieldError } from '../../ui/field-error';
import { PasswordField } from '../../ui/PasswordField';
import { failureWords } from '../../ui/words';

interface Props {
  email: string;
  /** version of the terms to accept, if the server has terms */ consent?: string;
  busy: boolean;
  error: unknown;
  onBack: () => void;
  onNext: (password: string) => void;
}

/** Registration step 2: password and terms. */
export function PasswordStep({ email, consent, busy, error, onBack, onNext }: Props) {
  const words = useAccountWords();
  const { t } = words;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onNext(String(new FormData(event.currentTarget).get('password')));
  };
  return (
    <form onSubmit={submit} data-nav="col">
      {error && !isFieldError(error, ['password']) ? <Notice>{failureWords(words, error)}</Notice> : null}
      {/* Password managers expect the user name in the same form. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <PasswordField label={t('password')} name="password" email={email} autoFocus error={fieldError(words, error, 'password')} />
      {consent && <Check name="consent" required label={t('agreeToTerms', { version: consent })} />}
      <Actions>
        <Button tone="bare" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" tone="brand" busy={busy}>
          {t('createAccount')}
        </Button>
      </Actions>
    </form>
  );
}
