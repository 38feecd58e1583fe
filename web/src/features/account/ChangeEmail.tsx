import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ownAccount } from '../../api/account';
import { queries } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import { cacheAccount } from './cache-account';

/** Changes the e-mail address: immediately, or after a confirmation link when the server can send mail. */
export function ChangeEmail({ onClose }: { onClose: () => void }) {
  const words = useAccountWords();
  const { t } = words;
  const change = useMutation({
    mutationFn: ownAccount.changeEmail,
    onSuccess: (account, { email }) => {
      cacheAccount(account);
      if (account.email === email.toLowerCase() && !data?.mail) onClose();
    },
  });
  const { data } = useQuery(queries.bootstrap);
  const unconfirmed = data?.mail && !data.account?.emailConfirmed && data.account?.email;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({ email: String(form.get('email')).trim(), password: String(form.get('password')) });
  };
  if (change.isSuccess) {
    return (
      <Dialog title={t('letterSent')} onClose={onClose}>
        <p>{t('letterSentText', { email: change.variables.email })}</p>
        <Actions>
          <Button tone="primary" data-nav-default="" onClick={onClose}>
            {t('close')}
          </Button>
        </Actions>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('changeEmail')} onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {change.error && !isFieldError(change.error, ['email', 'password'], ['email_taken', 'password_wrong']) ? (
          <Notice>{failureWords(words, change.error)}</Notice>
        ) : null}
        {unconfirmed && <p>{t('emailUnconfirmed', { email: unconfirmed })}</p>}
        <Field
          label={t('newEmail')}
          name="email"
          type="email"
          autoComplete="email"
          required
          autoFocus
          error={fieldError(words, change.error, 'email', 'email_taken')}
        />
        <Field
          label={t('yourPassword')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(words, change.error, 'password', 'password_wrong')}
        />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={change.isPending}>
            {t('change')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
