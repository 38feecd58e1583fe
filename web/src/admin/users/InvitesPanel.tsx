import { useMutation, useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { queryClient } from '../../api/queries';
import type { Bootstrap, Invite } from '../../api/types';
import { userQueries, users } from '../../api/users';
import { type AdminT, useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { moment } from '../../ui/date-format';
import { Line, Note, Panel } from '../../ui/Panel';
import { failureWords } from '../../ui/words';

/** Open invitations and the registration mode. */
export function InvitesPanel({ registration }: { registration: Bootstrap['registration'] }) {
  const words = useAdminWords();
  const { t } = words;
  const { data, error } = useQuery(userQueries.invites);
  return (
    <Panel title={t('invitations')}>
      <Note>{t(`registration_${registration}`)}</Note>
      {error ? <Note>{failureWords(words, error)}</Note> : null}
      {data?.items.map((invite) => (
        <InviteLine key={invite.id} invite={invite} />
      ))}
    </Panel>
  );
}

function facts(t: AdminT, language: string, { role, usedMs, expiresMs }: Invite): string {
  const end = usedMs
    ? t('inviteUsed', { when: moment(language, usedMs) })
    : t(expiresMs < Date.now() ? 'inviteExpired' : 'inviteUntil', { when: moment(language, expiresMs) });
  return [role && t(`role_${role}`), end].filter(Boolean).join(' · ');
}

function InviteLine({ invite }: { invite: Invite }) {
  const { t, language } = useAdminWords();
  const remove = useMutation({
    mutationFn: () => users.uninvite(invite.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: userQueries.invites.queryKey }),
  });
  const name = invite.email || t('inviteAnybody');
  return (
    <Line title={name} facts={facts(t, language, invite)}>
      <Button
        small
        round
        tone="bare"
        icon={<Trash2 />}
        aria-label={t('withdrawInvite', { name })}
        busy={remove.isPending}
        onClick={() => remove.mutate()}
      />
    </Line>
  );
}
