import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { accountQueries, ownAccount } from '../../api/account';
import { queryClient } from '../../api/queries';
import type { KeyScope } from '../../api/types';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { CopyField } from '../../ui/CopyField';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import s from './account.module.css';

const scopes: KeyScope[] = ['read', 'play', 'admin'];

/** Creates an API key; its secret is shown once. */
export function AddKey({ admin, onClose }: { admin: boolean; onClose: () => void }) {
  const words = useAccountWords();
  const { t } = words;
  const add = useMutation({
    mutationFn: ownAccount.addKey,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accountQueries.keys.queryKey }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({ name: String(form.get('name')).trim(), scopes: scopes.filter((scope) => form.get(scope) === 'on') });
  };
  if (add.data) {
    return (
      <Dialog title={t('keyMade')} onClose={onClose}>
        <p>{t('keyMadeText')}</p>
        <CopyField label={t('apiKey')} value={add.data.key ?? ''} />
        <Actions>
          <Button onClick={onClose}>{t('close')}</Button>
        </Actions>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('addKey')} onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {add.error ? <Notice>{failureWords(words, add.error)}</Notice> : null}
        <Field
          label={t('keyName')}
          name="name"
          required
          autoFocus
          maxLength={60}
          hint={t('keyNameHint')}
          error={fieldError(words, add.error, 'name')}
        />
        <div className={s.scopes} role="group" aria-label={t('keyMay')} data-nav="col">
          {scopes
            .filter((scope) => admin || scope !== 'admin')
            .map((scope) => (
              <Check key={scope} name={scope} label={t(`scope_${scope}`)} defaultChecked={scope === 'read'} />
            ))}
        </div>
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('addKey')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
