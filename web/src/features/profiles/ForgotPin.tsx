import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { profiles, refreshProfiles, switchProfile } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';

/** Replaces or removes a forgotten PIN with the account's password, then enters the profile. */
export function ForgotPin({ profile, onClose, onDone }: { profile: Profile; onClose: () => void; onDone: () => void }) {
  const words = useViewerWords();
  const { t } = words;
  const [pin, setPin] = useState('');
  const reset = useMutation({
    mutationFn: async (password: string) => {
      const chosen = pin || undefined;
      await profiles.resetPin(profile.id, { password, pin: chosen });
      await refreshProfiles();
      return profiles.choose(profile.id, { pin: chosen });
    },
    onSuccess: async (bootstrap) => {
      await switchProfile(bootstrap);
      onDone();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate(String(new FormData(event.currentTarget).get('password')));
  };
  return (
    <Dialog title={t('forgotPin')} onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {reset.error && !isFieldError(reset.error, ['password', 'pin'], ['password_wrong']) ? (
          <Notice>{failureWords(words, reset.error)}</Notice>
        ) : null}
        <p>{t('forgotPinText', { name: profile.name })}</p>
        <Field
          label={t('accountPassword')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          error={fieldError(words, reset.error, 'password', 'password_wrong')}
        />
        <Field
          label={t('newPin')}
          hint={t('newPinHint')}
          inputMode="numeric"
          autoComplete="off"
          pattern="[0-9]{4}"
          maxLength={4}
          value={pin}
          onChange={(event) => setPin(event.target.value.replace(/\D/g, ''))}
          error={fieldError(words, reset.error, 'pin')}
        />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button type="submit" tone="primary" busy={reset.isPending}>
            {t('continue')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
