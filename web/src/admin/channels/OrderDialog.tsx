import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, ArrowUpToLine } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { adminLibraryQueries, collections } from '../../api/admin-library';
import type { Collection, TitleCard } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Line, Note } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import { moveItem, refreshCollections } from './channels';
import s from './OrderDialog.module.css';

/** Reorders the titles of a manual collection, with buttons that keyboards and remotes can reach. */
export function OrderDialog({ collection: { id, name }, onClose }: { collection: Collection; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const { data, error, refetch } = useQuery(adminLibraryQueries.members(id));
  const [mine, setMine] = useState<TitleCard[]>();
  const [said, setSaid] = useState('');
  const titles = mine ?? data;
  const save = useMutation({
    mutationFn: (order: TitleCard[]) =>
      collections.orderTitles(
        id,
        order.map((title) => title.id),
      ),
    onSuccess: async () => {
      await refreshCollections();
      onClose();
    },
  });
  const move = (at: number, to: number) => {
    const title = titles?.[at];
    if (!titles || !title || to < 0 || to >= titles.length || to === at) return;
    setMine(moveItem(titles, at, to - at));
    setSaid(t('placeNow', { name: title.name, place: to + 1, count: titles.length }));
  };
  return (
    <Dialog title={t('orderOf', { name })} wide onClose={onClose}>
      <Note>{t('orderText')}</Note>
      {save.error ? <Notice>{failureWords(words, save.error)}</Notice> : null}
      {!titles && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" />)}
      <div className={s.titles} data-nav="col">
        {titles?.map((title, at) => {
          // At either end the button is aria-disabled: a disabled one would lose the focus.
          const step = (to: number, label: string, icon: ReactElement) => (
            <Button
              small
              round
              tone="bare"
              icon={icon}
              aria-label={label}
              aria-disabled={to < 0 || to >= titles.length || to === at || undefined}
              onClick={() => move(at, to)}
            />
          );
          return (
            <Line key={title.id} icon={<span className={s.place}>{at + 1}</span>} title={title.name} facts={title.year}>
              <div className={s.actions} data-nav="row">
                {step(0, t('moveTop', { name: title.name }), <ArrowUpToLine />)}
                {step(at - 1, t('moveUp', { name: title.name }), <ArrowUp />)}
                {step(at + 1, t('moveDown', { name: title.name }), <ArrowDown />)}
              </div>
            </Line>
          );
        })}
      </div>
      <p className={s.said} role="status">
        {said}
      </p>
      <div className={s.foot}>
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone="primary" busy={save.isPending} disabled={!mine} onClick={() => mine && save.mutate(mine)}>
            {t('save')}
          </Button>
        </Actions>
      </div>
    </Dialog>
  );
}
