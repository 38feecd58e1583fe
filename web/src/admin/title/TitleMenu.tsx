import { useMutation } from '@tanstack/react-query';
import { Image, LibraryBig, Pencil, RefreshCw, SearchCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { keeping } from '../../api/keeping';
import type { TitleDetail } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { Notice } from '../../ui/Gate';
import { failureWords } from '../../ui/words';
import { EditDialog } from './EditDialog';
import { matchedWords, renew } from './edited';
import { GatherDialog } from './GatherDialog';
import { MatchDialog } from './MatchDialog';
import { PicturesDialog } from './PicturesDialog';
import s from './TitleMenu.module.css';

interface Props {
  title: TitleDetail;
  onClose: () => void;
}

type Place = 'edit' | 'match' | 'pictures' | 'gather';

/** The title's doings for administrators, and what is odd about its sources. */
export function TitleMenu({ title, onClose }: Props) {
  const words = useAdminWords();
  const { t } = words;
  const [place, setPlace] = useState<Place>();
  const refresh = useMutation({ mutationFn: () => keeping.refresh(title.id), onSuccess: (made) => renew(title.id, made) });
  if (place === 'edit') return <EditDialog title={title} onClose={onClose} />;
  if (place === 'match') return <MatchDialog title={title} onClose={onClose} />;
  if (place === 'pictures') return <PicturesDialog title={title} onClose={onClose} />;
  if (place === 'gather') return <GatherDialog title={title} onClose={onClose} />;

  const whole = title.kind === 'movie' || title.kind === 'series';
  const ways: [Place, AdminKey, ReactNode][] = [
    ['edit', 'editTitle', <Pencil key="icon" />],
    ['match', 'fixMatch', <SearchCheck key="icon" />],
    ['pictures', 'changePictures', <Image key="icon" />],
  ];
  if (whole) ways.push(['gather', 'gatherTitle', <LibraryBig key="icon" />]);
  const notes = title.admin?.notes ?? [];
  return (
    <Dialog title={title.name} onClose={onClose}>
      {refresh.error ? <Notice>{failureWords(words, refresh.error)}</Notice> : null}
      <div className={s.ways} data-nav="col">
        {ways.map(([to, label, icon]) => (
          <Button key={to} className={s.way} tone="bare" icon={icon} onClick={() => setPlace(to)}>
            {t(label)}
          </Button>
        ))}
        {whole && (
          <Button className={s.way} tone="bare" icon={<RefreshCw />} busy={refresh.isPending} onClick={() => refresh.mutate()}>
            {t(refresh.isSuccess ? 'refreshAsked' : 'refreshTitle')}
          </Button>
        )}
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
