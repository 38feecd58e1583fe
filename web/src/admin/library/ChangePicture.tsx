import { useMutation } from '@tanstack/react-query';
import { RotateCcw, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { keeping, type PictureKind } from '../../api/keeping';
import { queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Gate';
import { Note } from '../../ui/Panel';
import { failureWords } from '../../ui/words';

const kinds = ['poster', 'backdrop', 'logo', 'landscape'] as const satisfies PictureKind[];

/** Gives a title a picture of one's own; it goes before those beside the file, and later scans leave it. */
export function ChangePicture({ titleId, onClose }: { titleId: string; onClose: () => void }) {
  const words = useKeeperWords();
  const { t } = words;
  const [kind, setKind] = useState<PictureKind>('poster');
  const input = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: (file: File | undefined) => (file ? keeping.setPicture(titleId, kind, file) : keeping.dropPicture(titleId, kind)),
    onSuccess: async () => {
      await Promise.all([['title', titleId], ['titles'], ['home']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  return (
    <Dialog title={t('changePicture')} onClose={onClose}>
      {change.error ? <Notice>{failureWords(words, change.error)}</Notice> : null}
      <Choice
        label={t('pictureKind')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`picture_${value}`) }))}
        onChange={(value) => setKind(value)}
      />
      <Note>{t('pictureText')}</Note>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/jpeg,image/png,image/webp"
        data-testid="picture-file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) change.mutate(file);
        }}
      />
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button icon={<RotateCcw />} busy={change.isPending && !change.variables} onClick={() => change.mutate(undefined)}>
          {t('pictureAutomatic')}
        </Button>
        <Button
          tone="primary"
          icon={<Upload />}
          busy={change.isPending && Boolean(change.variables)}
          onClick={() => input.current?.click()}
        >
          {t('pictureChoose')}
        </Button>
      </Actions>
    </Dialog>
  );
}
