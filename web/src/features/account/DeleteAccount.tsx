import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ownAccount } from '../../api/account';
import { queryClient } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import s from './account.module.css';

interface Props {
  email: string;
  onClose: () => void;
}

/** Deletes the account. It cannot be undone, so the e-mail address and the password must be entered. */
export function DeleteAccount({ email, onClose }: Props) {
  const words = useAccountWords();
  const { t } = words;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const leave = useMutation({
    mutationFn: ownAccount.leave,
    onSuccess: async () => {
      queryClient.clear();
      await navigate({ to: '/login' });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    leave.mutate({ email: typed.trim(), password: String(new FormData(event.currentTarget).get('password') ?? '') });
  };
  const same = typed.trim().toLowerCase() === email.toLowerCase();
  return (
    <Dialog title={t('deleteAsk')} onClose={onClose}>
      <p className={s.warning}>{t('deleteAskText')}</p>
      <form onSubmit={submit} data-nav="col">
        {leave.error && !isFieldError(leave.error, ['email', 'password'], ['password_wrong']) ? (
          <Notice>{failureWords(words, leave.error)}</Notice>
        ) : null}
        <Field
          label={t('typeEmail', { email })}
          name="email"
          autoComplete="off"
          autoCapitalize="none"
          required
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={fieldError(words, leave.error, 'email')}
        />
        <Field
          label={t('yourPassword')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(words, leave.error, 'password', 'password_wrong')}
        />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="danger" disabled={!same} busy={leave.isPending}>
            {t('deleteForGood')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
