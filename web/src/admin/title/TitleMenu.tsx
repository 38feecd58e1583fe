import { useMutation } from '@tanstack/react-query';
import { Image, LibraryBig, ListVideo, Pencil, RefreshCw, SearchCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import type { TitleDetail } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { failureWords } from '../../ui/words';
import { CollectionsDialog } from './CollectionsDialog';
import { EditDialog } from './EditDialog';
import { MatchDialog } from './MatchDialog';
import { PicturesDialog } from './PicturesDialog';
import s from './TitleMenu.module.css';
import { matchedWords, refreshTitle } from './title-draft';

interface Props {
  title: TitleDetail;
  onClose: () => void;
}

type View = 'edit' | 'match' | 'pictures' | 'collections';

/** Admin actions of a title and the notes of its sources. */
export function TitleMenu({ title, onClose }: Props) {
  const words = useAdminWords();
  const { t } = words;
  const [view, setView] = useState<View>();
  const refresh = useMutation({ mutationFn: () => adminLibrary.refresh(title.id), onSuccess: (made) => refreshTitle(title.id, made) });
  const make = useMutation({ mutationFn: () => adminLibrary.makeLadder(title.id), onSuccess: () => refreshTitle(title.id, undefined) });
  if (view === 'edit') return <EditDialog title={title} onClose={onClose} />;
  if (view === 'match') return <MatchDialog title={title} onClose={onClose} />;
  if (view === 'pictures') return <PicturesDialog title={title} onClose={onClose} />;
  if (view === 'collections') return <CollectionsDialog title={title} onClose={onClose} />;

  const whole = title.kind === 'movie' || title.kind === 'series';
  const ways: [View, AdminKey, ReactNode][] = [
    ['edit', 'editTitle', <Pencil key="icon" />],
    ['match', 'fixMatch', <SearchCheck key="icon" />],
    ['pictures', 'changePictures', <Image key="icon" />],
  ];
  if (whole) ways.push(['collections', 'gatherTitle', <LibraryBig key="icon" />]);
  const notes = title.admin?.notes ?? [];
  return (
    <Dialog title={title.name} onClose={onClose}>
      {refresh.error || make.error ? <Notice>{failureWords(words, refresh.error ?? make.error)}</Notice> : null}
      <div className={s.ways} data-nav="col">
        {ways.map(([to, label, icon]) => (
          <Button key={to} className={s.way} tone="bare" icon={icon} onClick={() => setView(to)}>
            {t(label)}
          </Button>
        ))}
        {whole && (
          <Button className={s.way} tone="bare" icon={<RefreshCw />} busy={refresh.isPending} onClick={() => refresh.mutate()}>
            {t(refresh.isSuccess ? 'refreshAsked' : 'refreshTitle')}
          </Button>
        )}
        <Button
          className={s.way}
          tone="bare"
          icon={<ListVideo />}
          busy={make.isPending}
          disabled={make.isSuccess}
          onClick={() => make.mutate()}
        >
          {make.data ? t('ladderAsked', { count: make.data.files }) : t('prepareTitle')}
        </Button>
      </div>
      {notes.length > 0 && (
        <ul className={s.notes} aria-label={t('notes')}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Facts
        rows={[
          [t('matched'), title.admin?.matched ? t(matchedWords(title.admin.matched)) : ''],
          ...Object.entries(title.ids ?? {}).map(([by, id]): [string, string] => [by, id]),
        ]}
      />
      <Actions>
        <Button onClick={onClose}>{t('close')}</Button>
      </Actions>
    </Dialog>
  );
}
