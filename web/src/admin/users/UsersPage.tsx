import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { queries } from '../../api/queries';
import type { UserRow } from '../../api/types';
import { userQueries } from '../../api/users';
import { useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminSections } from '../AdminSections';
import { InviteDialog } from './InviteDialog';
import { InvitesPanel } from './InvitesPanel';
import { UserDialog } from './UserDialog';
import { UserTable } from './UserTable';

/** Accounts and invitations. */
export function UsersPage() {
  const { t } = useAdminWords();
  const { data, error, refetch } = useQuery(userQueries.list);
  const bootstrap = useQuery(queries.bootstrap).data;
  const [inviting, setInviting] = useState(false);
  const [open, setOpen] = useState<string>();
  if (!data || !bootstrap?.account) {
    return (
      <AdminSections title={t('users')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AdminSections>
    );
  }
  const user = data.items.find(({ account }: UserRow) => account.id === open);
  const invite = (
    <Button small icon={<UserPlus />} data-nav-default="" onClick={() => setInviting(true)}>
      {t('invite')}
    </Button>
  );
  return (
    <AdminSections title={t('users')}>
      <Panel title={t('accounts', { count: data.items.length })} actions={invite}>
        <UserTable items={data.items} ownId={bootstrap.account.id} onOpen={setOpen} />
      </Panel>
      <InvitesPanel registration={bootstrap.registration} />
      {inviting && <InviteDialog mail={bootstrap.mail} onClose={() => setInviting(false)} />}
      {user && <UserDialog user={user} me={bootstrap.account} onClose={() => setOpen(undefined)} />}
    </AdminSections>
  );
}
