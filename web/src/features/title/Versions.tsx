import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import type { TitleDetail } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { bytes, duration } from '../../ui/words';
import { PlaysHere } from './PlaysHere';
import s from './Versions.module.css';

/** The versions of a title, each playable. Hidden when there is one only. */
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
          const { part, parts = 0 } = version;
          const facts = [
            part && parts > 1 ? t('partOf', { part, parts }) : '',
            version.durationMs ? duration(t, version.durationMs) : '',
            bytes(t, language, version.size),
            version.damage ? t(`damage_${version.damage}`) : '',
          ];
          const inner = (
            <>
              <Play className={s.play} aria-hidden="true" fill="currentColor" />
              <span className={s.words}>
                <span className={s.name}>{version.name}</span>
                <span className={s.facts}>{facts.filter(Boolean).join(' · ')}</span>
                {version.state === 'present' && (
                  <span className={s.plays}>
                    <PlaysHere titleId={id} fileId={version.fileId} />
                  </span>
                )}
              </span>
              {version.state !== 'present' && <span className={s.away}>{t('diskAway')}</span>}
            </>
          );
          return (
            <li key={version.fileId}>
              {version.state === 'present' ? (
                <Link to="/watch/$id" params={{ id }} search={{ file: version.fileId }} className={s.version}>
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
