import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queryClient } from '../../api/queries';
import { userQueries, users } from '../../api/users';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { CopyField } from '../../ui/CopyField';
import { Actions, Dialog } from '../../ui/Dialog';
import { moment } from '../../ui/date-format';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import s from './users.module.css';

const lives = [1, 7, 30];

/** The invitation link, built from this page's origin when the server has no public URL configured. */
function linkOf({ url, code }: { url?: string; code?: string }): string {
  return new URL(url ?? `/signup/${code ?? ''}`, window.location.origin).href;
}

/** Creates an invitation link for one person. */
export function InviteDialog({ mail, onClose }: { mail: boolean; onClose: () => void }) {
  const words = useAdminWords();
  const { t, language } = words;
  const [role, setRole] = useState<'member' | 'admin'>('member');
  const [days, setDays] = useState(7);
  const invite = useMutation({
    mutationFn: users.invite,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: userQueries.invites.queryKey }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email')).trim();
    invite.mutate({ email: email || undefined, role, days });
  };
  if (invite.data) {
    const { email, expiresMs } = invite.data;
    return (
      <Dialog title={t('inviteReady')} onClose={onClose}>
        <p>{t(email && mail ? 'inviteSent' : 'inviteShow', { email: email ?? '' })}</p>
        <CopyField label={t('inviteLink')} value={linkOf(invite.data)} />
        <p className={s.small}>{t('inviteUntil', { when: moment(language, expiresMs) })}</p>
        <Actions>
          <Button onClick={onClose}>{t('close')}</Button>
        </Actions>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('inviteTitle')} onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {invite.error && !isFieldError(invite.error, ['email']) ? <Notice>{failureWords(words, invite.error)}</Notice> : null}
        <Field
          label={t('inviteEmail')}
          name="email"
          type="email"
          autoComplete="off"
          autoFocus
          hint={t(mail ? 'inviteEmailHint' : 'inviteEmailHintNoMail')}
          error={fieldError(words, invite.error, 'email')}
        />
        <div className={s.choice}>
          <p className={s.label}>{t('role')}</p>
          <Choice
            label={t('role')}
            value={role}
            options={[
              { value: 'member', label: t('role_member') },
              { value: 'admin', label: t('role_admin') },
            ]}
            onChange={setRole}
          />
        </div>
        <div className={s.choice}>
          <p className={s.label}>{t('inviteLife')}</p>
          <Choice
            label={t('inviteLife')}
            value={String(days)}
            options={lives.map((count) => ({ value: String(count), label: t('days', { count }) }))}
            onChange={(value) => setDays(Number(value))}
          />
        </div>
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={invite.isPending}>
            {t('inviteMake')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
