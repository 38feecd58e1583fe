import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { asProblem } from '../../api/problem';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Field, Pair } from '../../ui/Field';
import { fieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import type { Draft } from './draft';

interface Props {
  draft: Draft;
  /** the invitation is bound to this address */ fixedEmail: boolean;
  error: unknown;
  onNext: (draft: Draft) => void;
}

/** Registration step 1: name and e-mail address. */
export function NameStep({ draft, fixedEmail, error, onNext }: Props) {
  const words = useAccountWords();
  const { t } = words;
  const taken = error ? asProblem(error).code === 'email_taken' : false;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    onNext({ email: text('email'), firstName: text('firstName'), lastName: text('lastName') });
  };
  return (
    <form onSubmit={submit} data-nav="col">
      {taken && (
        <Notice>
          {failureWords(words, error)} <Link to="/login">{t('signInInstead')}</Link>
        </Notice>
      )}
      <Field
        label={t('email')}
        name="email"
        type="email"
        autoComplete="email"
        required
        autoFocus={!fixedEmail}
        readOnly={fixedEmail}
        defaultValue={draft.email}
        hint={fixedEmail ? t('invitedEmail') : undefined}
        error={taken ? t('emailTaken') : fieldError(words, error, 'email')}
      />
      <Pair>
        <Field
          label={t('firstName')}
          name="firstName"
          autoComplete="given-name"
          required
          autoFocus={fixedEmail}
          maxLength={80}
          defaultValue={draft.firstName}
          error={fieldError(words, error, 'firstName')}
        />
        <Field
          label={t('lastName')}
          name="lastName"
          autoComplete="family-name"
          required
          maxLength={80}
          defaultValue={draft.lastName}
          error={fieldError(words, error, 'lastName')}
        />
      </Pair>
      <Button type="submit" tone="brand" style={{ width: '100%', marginTop: '1.5rem' }}>
        {t('continue')}
      </Button>
    </form>
  );
}
