import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { CheckItem } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import s from './CheckList.module.css';

const icons = { ok: <CircleCheck />, warn: <TriangleAlert />, fail: <CircleAlert /> };

/** Labels of the check items by the server's item names. */
const tries: Record<string, AdminKey> = {
  settings: 'trySettings',
  reach: 'tryReach',
  clock: 'tryClock',
  put: 'tryPut',
  'write once': 'tryOnce',
  get: 'tryGet',
  range: 'tryRange',
  list: 'tryList',
  multipart: 'tryParts',
  'write once, multipart': 'tryPartsOnce',
  delete: 'tryDelete',
  'private objects': 'tryPrivate',
  'private list': 'tryHidden',
  browsers: 'tryBrowsers',
};

/** Results of a storage check, failures first. */
export function CheckList({ items }: { items: CheckItem[] }) {
  const { t, language } = useAdminWords();
  const order = ['fail', 'warn', 'ok'];
  const sorted = items.slice().sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  return (
    <ul className={s.list} aria-label={t('checkResult')} data-testid="check">
      {sorted.map(({ name, level, words }) => (
        <li key={name} className={s.item} data-level={level}>
          {icons[level]}
          <p>
            <span className={s.name}>{tries[name] ? t(tries[name]) : name}</span>
            <span className={s.level}>{t(`level_${level}`)}</span>
            {words && (level !== 'ok' || language === 'en') && <span className={s.words}>{words}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
