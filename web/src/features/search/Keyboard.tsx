import { Delete, Space, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useViewerWords } from '../../i18n/namespaces';
import { pushLayer } from '../../nav/keys';
import s from './Keyboard.module.css';

const letters = Array.from('abcdefghijklmnopqrstuvwxyz1234567890');

interface Props {
  value: string;
  onChange: (q: string) => void;
}

/** On-screen keyboard for remotes, six by six; hardware keyboards work as well. Each key searches at once. */
export function Keyboard({ value, onChange }: Props) {
  const { t } = useViewerWords();
  const now = useRef({ value, onChange });
  now.current = { value, onChange };
  const type = (letter: string) => now.current.onChange(now.current.value + letter);
  const erase = () => now.current.onChange(Array.from(now.current.value).slice(0, -1).join(''));
  useEffect(
    () =>
      pushLayer((_, event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return false;
        const { value, onChange } = now.current;
        if (event.key === 'Backspace' && value !== '') onChange(Array.from(value).slice(0, -1).join(''));
        else if (event.key !== ' ' && Array.from(event.key).length === 1) onChange(value + event.key);
        else return false;
        return true;
      }),
    [],
  );
  return (
    <div className={s.keyboard}>
      <p className={s.typed} role="status" aria-label={t('search')}>
        {value || <span className={s.hint}>{t('searchEverything')}</span>}
        <span className={s.caret} aria-hidden="true" />
      </p>
      <div className={s.keys} data-nav="grid" data-nav-remember="">
        {letters.map((letter) => (
          <button key={letter} type="button" className={s.key} onClick={() => type(letter)}>
            {letter}
          </button>
        ))}
        <button type="button" className={s.wide} aria-label={t('space')} onClick={() => value !== '' && type(' ')}>
          <Space />
        </button>
        <button type="button" className={s.wide} aria-label={t('erase')} onClick={erase}>
          <Delete />
        </button>
        <button type="button" className={s.wide} aria-label={t('clearSearch')} onClick={() => onChange('')}>
          <X />
        </button>
      </div>
    </div>
  );
}
