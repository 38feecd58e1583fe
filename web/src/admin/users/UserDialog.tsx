import { useMutation } from '@tanstack/react-query';
import { Ban, CircleCheck, Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import type { Account, UserChange, UserRow } from '../../api/types';
import { userQueries, users } from '../../api/users';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { CopyField } from '../../ui/CopyField';
import { Actions, Dialog } from '../../ui/Dialog';
import { day, moment } from '../../ui/date-format';
import { Facts } from '../../ui/Facts';
import { Stepper } from '../../ui/Stepper';
import { failureWords } from '../../ui/words';
import { AccessFields } from './AccessFields';
import s from './users.module.css';

interface Props {
  user: UserRow;
  /** the signed-in account: it cannot change its own role, and only an owner can grant the admin role */ me: Account;
  onClose: () => void;
}

const refresh = () => queryClient.invalidateQueries({ queryKey: userQueries.list.queryKey });

/** One account: role, limits and actions. Every change is saved immediately. */
export function UserDialog({ user, me, onClose }: Props) {
  const words = useAdminWords();
  const { t, language } = words;
  const { account } = user;
  const [leaving, setLeaving] = useState(false);
  const change = useMutation({ mutationFn: (body: UserChange) => users.change(account.id, body), onSettled: refresh });
  const link = useMutation({ mutationFn: () => users.resetLink(account.id) });
  const error = change.error ?? link.error;
  // The server enforces the same rule.
  const fixed = account.role === 'owner' || account.id === me.id;

  if (leaving) return <RemoveUser account={account} onClose={onClose} />;
  return (
    <Dialog title={account.name || account.email} wide onClose={onClose}>
      {error ? <Notice>{failureWords(words, error)}</Notice> : null}
      <Facts
        rows={[
          [t('email'), account.email],
          [t('memberSince'), account.createdMs ? day(language, account.createdMs) : ''],
          [t('signInsNow'), user.signIns],
        ]}
      />
      {!fixed && (
        <div className={s.choice}>
          <p className={s.label}>{t('role')}</p>
          <Choice
            label={t('role')}
            value={account.role}
            options={[
              { value: 'member', label: t('role_member') },
              { value: 'admin', label: t('role_admin') },
            ]}
            onChange={(role) => change.mutate({ role })}
          />
        </div>
      )}
      <div className={s.limits} data-nav="row">
        <Stepper label={t('streamsAtOnce')} value={account.streams} min={1} max={50} onChange={(streams) => change.mutate({ streams })} />
        <Stepper
          label={t('profilesAtMost')}
          value={account.profileLimit}
          min={1}
          max={50}
          onChange={(profileLimit) => change.mutate({ profileLimit })}
        />
      </div>
      {account.role === 'member' && <AccessFields user={user} onChange={(body) => change.mutate(body)} />}
      {link.data && (
        <div className={s.link}>
          <p>{t('resetLinkText', { when: moment(language, link.data.expiresMs) })}</p>
          <CopyField label={t('resetLink')} value={new URL(link.data.url, window.location.origin).href} />
        </div>
      )}
      <div className={s.actions} data-nav="row">
        <Button small icon={<Link2 />} busy={link.isPending} onClick={() => link.mutate()}>
          {t('resetLink')}
        </Button>
        {!fixed && (
          <>
            <Button
              small
              icon={user.disabled ? <CircleCheck /> : <Ban />}
              busy={change.isPending && change.variables.disabled !== undefined}
              onClick={() => change.mutate({ disabled: !user.disabled })}
            >
              {t(user.disabled ? 'enable' : 'disable')}
            </Button>
            <Button small tone="danger" icon={<Trash2 />} onClick={() => setLeaving(true)}>
              {t('deleteUser')}
            </Button>
          </>
        )}
      </div>
      <Actions>
        <Button tone="primary" data-nav-default="" onClick={onClose}>
          {t('close')}
        </Button>
      </Actions>
    </Dialog>
  );
}

function RemoveUser({ account, onClose }: { account: Account; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const remove = useMutation({
    mutationFn: () => users.remove(account.id),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('deleteUserAsk', { name: account.name || account.email })} onClose={onClose}>
      {remove.error ? <Notice>{failureWords(words, remove.error)}</Notice> : null}
      <p>{t('deleteUserText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t('deleteUser')}
        </Button>
      </Actions>
    </Dialog>
  );
}
