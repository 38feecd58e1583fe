import type { TitleFile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { bytes } from '../../ui/words';
import s from './FileFacts.module.css';
import { audioWords, noteWords, videoWords } from './file-words';

/** Facts of the file on disk. The server sends its path to administrators only. */
export function FileFacts({ file }: { file: TitleFile }) {
  const { t, language } = useViewerWords();
  const facts: [string, string][] = [
    [t('fileName'), file.name],
    [t('filePath'), file.path?.slice(0, -file.name.length - 1) ?? ''],
    [t('fileVideo'), videoWords(t, file.video ?? '')],
    [t('fileAudio'), audioWords(t, file)],
    [t('fileNotes'), noteWords(t, file)],
    [t('fileSize'), `${bytes(t, language, file.size)} · ${file.container}`],
  ];
  return (
    <section aria-labelledby="file-facts">
      <h2 id="file-facts" className={s.heading}>
        {t('file')}
      </h2>
      <dl className={s.facts}>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} className={s.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
