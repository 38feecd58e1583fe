import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { collections } from '../../api/admin-library';
import { catalogueQueries } from '../../api/catalogue';
import type { TitleDetail } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Actions, Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import { refreshTitle } from './title-draft';

/** Adds a title to collections and channels or removes it. */
export function CollectionsDialog({ title, onClose }: { title: TitleDetail; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const { data, error } = useQuery(catalogueQueries.collections);
  const put = useMutation({
    mutationFn: ({ id, member }: { id: string; member: boolean }) => collections.put(id, title.id, member),
    onSuccess: () => refreshTitle(title.id, undefined),
  });
  const failed = error ?? put.error;
  const inside = new Set(title.collections?.map(({ id }) => id));
  if (put.isPending || put.isSuccess) {
    // Optimistic state of the checkboxes until the title is fetched again.
    if (put.variables.member) inside.add(put.variables.id);
    else inside.delete(put.variables.id);
  }
  return (
    <Dialog title={t('gatherTitle')} onClose={onClose}>
      {failed ? <Notice>{failureWords(words, failed)}</Notice> : null}
      {data?.items.length === 0 && <Note>{t('noChannels')}</Note>}
      {data?.items.map(({ id, name }) => (
        <Check key={id} label={name} checked={inside.has(id)} onChange={(event) => put.mutate({ id, member: event.target.checked })} />
      ))}
      <Actions>
        <Link to="/admin/channels">{t('channelsAdmin')}</Link>
        <Button tone="primary" onClick={onClose}>
          {t('close')}
        </Button>
      </Actions>
    </Dialog>
  );
}
