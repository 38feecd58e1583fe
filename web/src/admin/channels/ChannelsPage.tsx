import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, LibraryBig, ListOrdered, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { collections } from '../../api/admin-library';
import { catalogueQueries } from '../../api/catalogue';
import type { Collection } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Line, Note, Panel } from '../../ui/Panel';
import { sized } from '../../ui/Picture';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import { AdminSections } from '../AdminSections';
import { ChannelDialog } from './ChannelDialog';
import s from './ChannelsPage.module.css';
import { fillModeWords, moveItem, refreshCollections } from './channels';
import { OrderDialog } from './OrderDialog';

/** Manages channels and collections: titles, logo and order. */
export function ChannelsPage() {
  const words = useAdminWords();
  const { t } = words;
  const { data, error, refetch } = useQuery(catalogueQueries.collections);
  const [open, setOpen] = useState<Collection | 'new'>();
  const [ordered, setOrdered] = useState<Collection>();
  const [leaving, setLeaving] = useState<Collection>();
  const order = useMutation({ mutationFn: collections.order, onSettled: refreshCollections });
  const items = data?.items ?? [];
  const add = (
    <Button small icon={<Plus />} data-nav-default="" onClick={() => setOpen('new')}>
      {t('addChannel')}
    </Button>
  );
  return (
    <AdminSections title={t('channelsAdmin')} busy={!data && !error}>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" />)}
      {data && (
        <Panel title={t('channelsAdmin')} actions={add}>
          {order.error ? <Notice>{failureWords(words, order.error)}</Notice> : null}
          {items.length === 0 && <Note>{t('noChannels')}</Note>}
          {items.map((one, at) => (
            <Line
              key={one.id}
              icon={one.logo ? <img className={s.logo} src={sized(one.logo, 160)} alt="" /> : <LibraryBig />}
              title={
                <Link to="/collection/$id" params={{ id: one.id }}>
                  {one.name}
                </Link>
              }
              facts={[
                t(one.kind === 'channel' ? 'aChannel' : 'aCollection'),
                one.how && t(fillModeWords[one.how]),
                t('titles', { count: one.count ?? 0 }),
              ]
                .filter(Boolean)
                .join(' · ')}
            >
              <div className={s.actions} data-nav="row">
                <Button
                  small
                  round
                  tone="bare"
                  icon={<ArrowUp />}
                  aria-label={t('moveUp', { name: one.name })}
                  disabled={at === 0 || order.isPending}
                  onClick={() => order.mutate(moveItem(items, at, -1).map(({ id }) => id))}
                />
                <Button
                  small
                  round
                  tone="bare"
                  icon={<ArrowDown />}
                  aria-label={t('moveDown', { name: one.name })}
                  disabled={at === items.length - 1 || order.isPending}
                  onClick={() => order.mutate(moveItem(items, at, 1).map(({ id }) => id))}
                />
                {one.how === 'hand' && (one.count ?? 0) > 1 && (
                  <Button
                    small
                    round
                    tone="bare"
                    icon={<ListOrdered />}
                    aria-label={t('orderOf', { name: one.name })}
                    onClick={() => setOrdered(one)}
                  />
                )}
                <Button
                  small
                  round
                  tone="bare"
                  icon={<Pencil />}
                  aria-label={t('editOf', { name: one.name })}
                  onClick={() => setOpen(one)}
                />
                <Button
                  small
                  round
                  tone="bare"
                  icon={<Trash2 />}
                  aria-label={t('deleteOf', { name: one.name })}
                  onClick={() => setLeaving(one)}
                />
              </div>
            </Line>
          ))}
        </Panel>
      )}
      {open && <ChannelDialog collection={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      {ordered && <OrderDialog collection={ordered} onClose={() => setOrdered(undefined)} />}
      {leaving && <RemoveChannel collection={leaving} onClose={() => setLeaving(undefined)} />}
    </AdminSections>
  );
}

function RemoveChannel({ collection: { id, name }, onClose }: { collection: Collection; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const remove = useMutation({
    mutationFn: () => collections.remove(id),
    onSuccess: async () => {
      await refreshCollections();
      onClose();
    },
  });
  return (
    <Dialog title={t('deleteChannelAsk', { name })} onClose={onClose}>
      {remove.error ? <Notice>{failureWords(words, remove.error)}</Notice> : null}
      <p>{t('deleteChannelText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t('remove')}
        </Button>
      </Actions>
    </Dialog>
  );
}
