import { KeyRound, MonitorSmartphone, ShieldCheck, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAccountWords } from '../../i18n/namespaces';
import { SectionNav } from '../../ui/SectionNav';

/** Layout of the account pages: section navigation and content. */
export function AccountSections({ title, busy, children }: { title: string; busy?: boolean; children: ReactNode }) {
  const { t } = useAccountWords();
  return (
    <SectionNav
      title={title}
      label={t('account')}
      busy={busy}
      narrow
      sections={[
        { to: '/account', label: t('account'), icon: <UserRound /> },
        { to: '/account/devices', label: t('devices'), icon: <MonitorSmartphone /> },
        { to: '/account/security', label: t('security'), icon: <ShieldCheck /> },
        { to: '/account/keys', label: t('apiKeys'), icon: <KeyRound /> },
      ]}
    >
      {children}
    </SectionNav>
  );
}
