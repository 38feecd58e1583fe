import type { FormEvent } from 'react';
import { useViewerWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';

interface Props {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  busy: boolean;
  error?: unknown;
  onConfirm: (password: string) => void;
  onClose: () => void;
}

/** Asks for the account's password before a protected change. */
export function PasswordDialog({ title, text, confirm, danger, busy, error, onConfirm, onClose }: Props) {
  const words = useViewerWords();
  const { t } = words;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // React bubbles the event to the form that contains this dialog.
    event.stopPropagation();
    onConfirm(String(new FormData(event.currentTarget).get('password')));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {error && !isFieldError(error, ['password'], ['password_wrong']) ? <Notice>{failureWords(words, error)}</Notice> : null}
        <p>{text}</p>
        <Field
          label={t('accountPassword')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          error={fieldError(words, error, 'password', 'password_wrong')}
        />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone={danger ? 'danger' : 'primary'} busy={busy}>
            {confirm}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
