import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { ownAccount } from '../../api/account';
import { asProblem } from '../../api/problem';
import { queries, queryClient } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button, ButtonLink } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import { dropDraft } from './draft';
import s from './Reset.module.css';

/** Refusals after which the link does not work again. */
const final = ['registration_invalid', 'email_taken', 'invite_invalid', 'registration_closed'];

/** Finishes a registration, reached by the link of the e-mail. The password shows that it is the reader's own registration. */
export function ConfirmSignUp() {
  const words = useAccountWords();
  const { t } = words;
  const router = useRouter();
  const { code = '' } = useParams({ strict: false });
  const { data } = useQuery(queries.bootstrap);
  const confirm = useMutation({
    mutationFn: (password: string) => ownAccount.finishRegistration(code, password),
    onSuccess: (bootstrap) => {
      dropDraft();
      queryClient.setQueryData(queries.bootstrap.queryKey, bootstrap);
      router.history.replace('/home');
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate(String(new FormData(event.currentTarget).get('password')));
  };
  const signIn = (
    <AuthFooter>
      <p>
        {t('haveAccount')} <Link to="/login">{t('signIn')}</Link>
      </p>
    </AuthFooter>
  );
  const refusal = confirm.error ? asProblem(confirm.error).code : '';
  if (final.includes(refusal)) {
    const again = refusal === 'registration_invalid' && data?.registration === 'open';
    return (
      <AuthLayout title={t('resetInvalid')} lead={failureWords(words, confirm.error)}>
        <div>
          <ButtonLink to={again ? '/signup' : '/login'} tone="primary" data-nav-default="">
            {t(again ? 'registerAgain' : 'signIn')}
          </ButtonLink>
        </div>
        {again && signIn}
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('finishSignUp')} lead={t('finishSignUpText')}>
      <form onSubmit={submit} data-nav="col">
        {confirm.error && !isFieldError(confirm.error, ['password'], ['password_wrong']) ? (
          <Notice>{failureWords(words, confirm.error)}</Notice>
        ) : null}
        <Field
          label={t('yourPassword')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          error={fieldError(words, confirm.error, 'password', 'password_wrong')}
        />
        <Button type="submit" tone="brand" busy={confirm.isPending} className={s.wide}>
          {t('createAccount')}
        </Button>
      </form>
      {signIn}
    </AuthLayout>
  );
}
