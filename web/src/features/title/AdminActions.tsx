import { useQuery } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../../api/queries';
import type { TitleDetail } from '../../api/types';
import { loadNamespace } from '../../i18n';
import { accountNamespace, adminNamespace, useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';

/** The admin menu of a title, a chunk loaded on first use. */
const TitleMenu = lazy(async () => {
  const [{ TitleMenu: component }] = await Promise.all([
    import('../../admin/title/TitleMenu'),
    loadNamespace(adminNamespace),
    loadNamespace(accountNamespace),
  ]);
  return { default: component };
});

export function AdminActions({ title }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  const { data } = useQuery(queries.bootstrap);
  const [open, setOpen] = useState(false);
  if (!data?.account || data.account.role === 'member' || data.profile?.kids) return null;
  return (
    <>
      <Button
        round
        icon={<Ellipsis />}
        aria-label={t('titleMenu')}
        title={t('titleMenu')}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      />
      {open && (
        <Suspense fallback={null}>
          <TitleMenu title={title} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
