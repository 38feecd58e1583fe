import { FolderTree, Gauge, HardDrive, LibraryBig, ScrollText, SearchCheck, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAdminWords } from '../i18n/books';
import { Areas } from '../ui/Areas';

/** The frame of the administrator's pages. */
export function AdminAreas({ title, busy, children }: { title: string; busy?: boolean; children: ReactNode }) {
  const { t } = useAdminWords();
  const areas = [
    { to: '/admin', label: t('overview'), icon: <Gauge /> },
    { to: '/admin/library', label: t('libraries'), icon: <FolderTree /> },
    { to: '/admin/titles', label: t('checkTitles'), icon: <SearchCheck /> },
    { to: '/admin/channels', label: t('channelsAdmin'), icon: <LibraryBig /> },
    { to: '/admin/users', label: t('users'), icon: <Users /> },
    { to: '/admin/storage', label: t('storage'), icon: <HardDrive /> },
    { to: '/admin/security', label: t('securityLog'), icon: <ScrollText /> },
  ] as const;
  return (
    <Areas title={title} label={t('admin')} areas={[...areas]} busy={busy}>
      {children}
    </Areas>
  );
}
