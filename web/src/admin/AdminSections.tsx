import { FolderTree, Gauge, HardDrive, LibraryBig, ScrollText, SearchCheck, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAdminWords } from '../i18n/namespaces';
import { SectionNav } from '../ui/SectionNav';

/** Layout of the admin pages: section navigation and content. */
export function AdminSections({ title, busy, children }: { title: string; busy?: boolean; children: ReactNode }) {
  const { t } = useAdminWords();
  const sections = [
    { to: '/admin', label: t('overview'), icon: <Gauge /> },
    { to: '/admin/library', label: t('libraries'), icon: <FolderTree /> },
    { to: '/admin/titles', label: t('checkTitles'), icon: <SearchCheck /> },
    { to: '/admin/channels', label: t('channelsAdmin'), icon: <LibraryBig /> },
    { to: '/admin/users', label: t('users'), icon: <Users /> },
    { to: '/admin/storage', label: t('storage'), icon: <HardDrive /> },
    { to: '/admin/security', label: t('securityLog'), icon: <ScrollText /> },
  ] as const;
  return (
    <SectionNav title={title} label={t('admin')} sections={[...sections]} busy={busy}>
      {children}
    </SectionNav>
  );
}
