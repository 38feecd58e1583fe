import { ImageUp } from 'lucide-react';
import { useRef } from 'react';
import { useViewerWords } from '../../i18n/namespaces';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { useDevice } from '../../ui/use-device';
import s from './AvatarDialog.module.css';

/** Built-in avatars under the server's names. */
const groups = [
  { name: 'avatarsAnimals', ids: ['owl', 'fox', 'whale', 'cat', 'bear', 'tiger'] },
  { name: 'avatarsSky', ids: ['sun', 'moon', 'star', 'comet', 'planet', 'cloud'] },
  { name: 'avatarsGarden', ids: ['leaf', 'cactus', 'mushroom', 'flower', 'tree', 'wave'] },
  { name: 'avatarsTravel', ids: ['robot', 'rocket', 'boat', 'balloon', 'kite', 'train'] },
] as const;

interface Props {
  chosen?: string;
  onChoose: (avatar: string) => void;
  onUpload: (picture: File) => void;
  onClose: () => void;
}

/** Chooses a built-in avatar or uploads a picture; TVs have no upload. */
export function AvatarDialog({ chosen, onChoose, onUpload, onClose }: Props) {
  const { t } = useViewerWords();
  const tv = useDevice() === 'tv';
  const file = useRef<HTMLInputElement>(null);
  return (
    <Dialog title={t('choosePicture')} wide onClose={onClose}>
      {groups.map(({ name, ids }) => (
        <div key={name} role="group" aria-label={t(name)}>
          <p className={s.group}>{t(name)}</p>
          <div className={s.grid} data-nav="grid">
            {ids.map((id, at) => (
              <button
                key={id}
                type="button"
                className={s.choice}
                aria-label={`${t(name)} ${at + 1}`}
                aria-pressed={id === chosen}
                data-avatar={id}
                data-nav-default={id === chosen ? '' : undefined}
                onClick={() => onChoose(id)}
              >
                <Avatar profile={{ name: '', color: '', avatar: id }} className={s.picture} />
              </button>
            ))}
          </div>
        </div>
      ))}
      <Actions>
        {!tv && (
          <>
            <input
              ref={file}
              type="file"
              accept="image/png,image/jpeg,image/webp"
              hidden
              onChange={(event) => event.target.files?.[0] && onUpload(event.target.files[0])}
            />
            <Button icon={<ImageUp />} onClick={() => file.current?.click()}>
              {t('uploadPicture')}
            </Button>
          </>
        )}
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}
