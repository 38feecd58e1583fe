import { useQuery } from '@tanstack/react-query';
import { CornerLeftUp, Film, Folder } from 'lucide-react';
import { useState } from 'react';
import { queries } from '../api/queries';
import { useLanguage } from '../i18n';
import s from './FolderPicker.module.css';
import { Spinner } from './Spinner';
import { failureWords } from './words';

interface Props {
  /** initial folder; "" is the server's default */ start?: string;
  /** called with the open folder whenever it changes */ onChange: (path: string) => void;
}

/** Browses folders of the server: the open folder is the selected one. */
export function FolderPicker({ start = '', onChange }: Props) {
  const words = useLanguage();
  const { t } = words;
  const [path, setPath] = useState(start);
  const { data, error, isFetching } = useQuery({ ...queries.folders(path), placeholderData: (previous) => previous });
  const open = (next: string) => {
    setPath(next);
    onChange(next);
  };
  return (
    <div className={s.picker}>
      <div className={s.here}>
        <Folder aria-hidden="true" />
        <span className={s.path} data-testid="folder">
          {data?.path ?? path}
        </span>
        {isFetching && <Spinner />}
      </div>
      {error ? (
        <p className={s.error} role="alert">
          {failureWords(words, error)}
        </p>
      ) : null}
      <ul className={s.list} data-nav="col">
        {data?.parent != null && (
          <li>
            <button type="button" className={s.entry} onClick={() => open(data.parent ?? '')}>
              <CornerLeftUp aria-hidden="true" />
              {t('folderUp')}
            </button>
          </li>
        )}
        {data?.folders.map((folder) => (
          <li key={folder.path}>
            <button type="button" className={s.entry} onClick={() => open(folder.path)}>
              <Folder aria-hidden="true" />
              {folder.name}
            </button>
          </li>
        ))}
        {data && data.folders.length === 0 && <li className={s.none}>{t('folderEmpty')}</li>}
      </ul>
      {data && (
        <p className={data.videos > 0 ? s.found : s.notFound} aria-live="polite">
          <Film aria-hidden="true" />
          {data.videos >= 999 ? t('videosMany') : t('videosHere', { count: data.videos })}
        </p>
      )}
    </div>
  );
}
