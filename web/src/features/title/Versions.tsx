import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import type { TitleDetail, Version } from '../../api/types';
import { useViewerWords, type ViewerT } from '../../i18n/books';
import { bytes, duration } from '../../ui/words';
import s from './Versions.module.css';

/** "Director’s Cut · 4K · 3D", or the name of the file when it says nothing that tells it apart. */
function nameOf(t: ViewerT, { name, edition, height, part, parts, flags }: Version): string {
  const words = [
    edition,
    height ? `${height}p` : '',
    ...flags.map((flag) => flag.toUpperCase()),
    part && parts && parts > 1 ? t('partOf', { part, parts }) : '',
  ];
  return words.filter(Boolean).join(' · ') || name;
}

/** A title in several files: each can be played by itself. With one there is nothing to choose. */
export function Versions({ title: { id, versions = [] } }: { title: TitleDetail }) {
  const { t, language } = useViewerWords();
  if (versions.length < 2) return null;
  return (
    <section aria-labelledby="versions" data-testid="versions">
      <h2 id="versions" className={s.heading}>
        {t('versions')}
      </h2>
      <ul className={s.versions} data-nav="col">
        {versions.map((version) => {
          const facts = [version.durationMs ? duration(t, version.durationMs) : '', bytes(t, language, version.size)];
          const inner = (
            <>
              <Play className={s.play} aria-hidden="true" fill="currentColor" />
              <span className={s.words}>
                <span className={s.name}>{nameOf(t, version)}</span>
                <span className={s.facts}>{facts.filter(Boolean).join(' · ')}</span>
              </span>
              {version.state !== 'present' && <span className={s.away}>{t('diskAway')}</span>}
            </>
          );
          return (
            <li key={version.fileId}>
              {version.state === 'present' ? (
                <Link to="/watch/$id" params={{ id }} search={{ file: version.fileId }} className={s.version} title={version.name}>
                  {inner}
                </Link>
              ) : (
                <div className={s.version} data-away="">
                  {inner}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
