import { useMutation } from '@tanstack/react-query';
import { ImageUp, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { adminLibrary } from '../../api/admin-library';
import type { PictureKind, TitleDetail } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { sized } from '../../ui/Picture';
import { failureWords } from '../../ui/words';
import s from './PicturesDialog.module.css';
import { refreshTitle } from './title-draft';

const kinds: [PictureKind, AdminKey][] = [
  ['poster', 'picturePoster'],
  ['backdrop', 'pictureBackdrop'],
  ['logo', 'pictureLogo'],
  ['landscape', 'pictureLandscape'],
];

const sole: [PictureKind, AdminKey][] = [['thumb', 'pictureThumb']];

/** The title's pictures: an uploaded one overrides those in the folders until it is removed. */
export function PicturesDialog({ title, onClose }: { title: TitleDetail; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const change = useMutation({
    mutationFn: ({ kind, file }: { kind: PictureKind; file?: File }) =>
      file ? adminLibrary.setPicture(title.id, kind, file) : adminLibrary.dropPicture(title.id, kind),
    onSuccess: (made) => refreshTitle(title.id, made),
  });
  const shown: Partial<Record<PictureKind, string>> = {
    poster: title.posterIsFrame ? undefined : title.poster,
    backdrop: title.backdrop,
    logo: title.logo,
    landscape: title.landscape,
    thumb: title.still,
  };
  const offered = title.kind === 'episode' || title.kind === 'extra' ? sole : kinds;
  return (
    <Dialog title={t('changePictures')} wide onClose={onClose}>
      {change.error ? <Notice>{failureWords(words, change.error)}</Notice> : null}
      <p className={s.text}>{t('picturesText')}</p>
      <ul className={s.pictures}>
        {offered.map(([kind, label]) => (
          <Slot
            key={kind}
            name={t(label)}
            url={shown[kind]}
            tall={kind === 'poster'}
            busy={change.isPending && change.variables.kind === kind}
            onChoose={(file) => change.mutate({ kind, file })}
            onDrop={() => change.mutate({ kind })}
          />
        ))}
      </ul>
      <Actions>
        <Button tone="primary" onClick={onClose}>
          {t('close')}
        </Button>
      </Actions>
    </Dialog>
  );
}

interface SlotProps {
  name: string;
  url?: string;
  tall: boolean;
  busy: boolean;
  onChoose: (file: File) => void;
  onDrop: () => void;
}

function Slot({ name, url, tall, busy, onChoose, onDrop }: SlotProps) {
  const { t } = useAdminWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <li className={s.slot} data-nav="row">
      <span className={s.frame} data-tall={tall || undefined}>
        {url && <img src={sized(url, 320)} alt="" />}
      </span>
      <span className={s.name}>{name}</span>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        hidden
        data-testid={`picture-${name}`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onChoose(file);
          event.target.value = '';
        }}
      />
      <Button small icon={<ImageUp />} busy={busy} onClick={() => input.current?.click()} aria-label={t('uploadOf', { name })}>
        {t('upload')}
      </Button>
      {url && <Button small round tone="bare" icon={<Trash2 />} aria-label={t('dropPicture', { name })} onClick={onDrop} />}
    </li>
  );
}
