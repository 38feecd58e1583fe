import { useKeeperWords } from '../../i18n/books';
import s from './Evidence.module.css';

/** Why a title is what it is said to be: each field with where it was read. */
export function Evidence({ evidence }: { evidence: Record<string, string> }) {
  const { t } = useKeeperWords();
  const fields = Object.entries(evidence);
  if (fields.length === 0) return null;
  return (
    <details className={s.why}>
      <summary>{t('why')}</summary>
      <ul>
        {fields.map(([field, source]) => (
          <li key={field}>
            {field}: <span>{source}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
