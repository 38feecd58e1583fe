import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import type { FormEvent } from 'react';
import { ownAccount } from '../../api/account';
import { asProblem } from '../../api/problem';
import { queries } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button, ButtonLink } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { PasswordField } from '../../ui/PasswordField';
import { failureWords } from '../../ui/words';
import s from './Reset.module.css';

function BackToSignIn() {
  const { t } = useAccountWords();
  return (
    <AuthFooter>
      <p>
        <Link to="/login" data-nav-default="">
          {t('backToSignIn')}
        </Link>
      </p>
    </AuthFooter>
  );
}

/** Requests a password reset by e-mail. The answer is the same whether the account exists or not. */
export function Reset() {
  const words = useAccountWords();
  const { t } = words;
  const { data } = useQuery(queries.bootstrap);
  const ask = useMutation({ mutationFn: ownAccount.askReset });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask.mutate(String(new FormData(event.currentTarget).get('email')).trim());
  };
  if (data && !data.mail) {
    return (
      <AuthLayout title={t('resetTitle')} lead={t('resetNoMail')}>
        <BackToSignIn />
      </AuthLayout>
    );
  }
  if (ask.isSuccess) {
    return (
      <AuthLayout title={t('resetSent')} lead={t('resetSentText', { email: ask.variables })}>
        <div className={s.sent}>
          <MailCheck aria-hidden="true" />
        </div>
        <BackToSignIn />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('resetTitle')} lead={t('resetText')}>
      <form onSubmit={submit} data-nav="col">
        {ask.error ? <Notice>{failureWords(words, ask.error)}</Notice> : null}
        <Field label={t('email')} name="email" type="email" autoComplete="username" required autoFocus />
        <Button type="submit" tone="brand" busy={ask.isPending} className={s.wide}>
          {t('resetSend')}
        </Button>
      </form>
      <BackToSignIn />
    </AuthLayout>
  );
}

/** Sets a new password, reached by the link of the e-mail. */
export function NewPassword() {
  const words = useAccountWords();
  const { t } = words;
  const { code = '' } = useParams({ strict: false });
  const reset = useMutation({ mutationFn: (password: string) => ownAccount.reset(code, password) });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate(String(new FormData(event.currentTarget).get('password')));
  };
  if (reset.isSuccess) {
    return (
      <AuthLayout title={t('passwordChanged')} lead={t('passwordChangedText')}>
        <div>
          <ButtonLink to="/login" tone="primary" data-nav-default="">
            {t('signIn')}
          </ButtonLink>
        </div>
      </AuthLayout>
    );
  }
  if (reset.error && asProblem(reset.error).code === 'reset_invalid') {
    return (
      <AuthLayout title={t('resetInvalid')} lead={failureWords(words, reset.error)}>
        <div>
          <ButtonLink to="/reset" tone="primary" data-nav-default="">
            {t('resetAgain')}
          </ButtonLink>
        </div>
        <BackToSignIn />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('newPassword')} lead={t('newPasswordText')}>
      <form onSubmit={submit} data-nav="col">
        {reset.error && !isFieldError(reset.error, ['password']) ? <Notice>{failureWords(words, reset.error)}</Notice> : null}
        <PasswordField label={t('newPassword')} name="password" autoFocus error={fieldError(words, reset.error, 'password')} />
        <Button type="submit" tone="brand" busy={reset.isPending} className={s.wide}>
          {t('savePassword')}
        </Button>
      </form>
      <BackToSignIn />
    </AuthLayout>
  );
}
