import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { searchQueries } from '../../api/search';
import { useViewerWords } from '../../i18n/namespaces';
import { Highlighted } from './Highlighted';
import s from './SearchField.module.css';

/** Debounce of the input in milliseconds. */
const settle = 150;

interface Props {
  value: string;
  onChange: (q: string) => void;
}

/** Search box with suggestions (ARIA combobox). Arrows select, Enter accepts, Escape closes the list. */
export function SearchField({ value, onChange }: Props) {
  const { t } = useViewerWords();
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => tell.current(text.trim()), settle);
    return () => clearTimeout(timer);
  }, [text, value]);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const { data } = useQuery(searchQueries.suggested(value));
  const items = (value !== '' && data?.items.filter((one) => one.text.toLowerCase() !== text.trim().toLowerCase()).slice(0, 6)) || [];
  const shown = open && items.length > 0;
  const take = (words: string) => {
    setOpen(false);
    setAt(-1);
    setText(words);
    onChange(words);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && shown) setOpen(false);
    else if (event.key === 'Enter') take(items[at]?.text ?? text.trim());
    else if (shown && event.key === 'ArrowDown' && at < items.length - 1) setAt(at + 1);
    else if (shown && event.key === 'ArrowUp' && at >= 0) setAt(at - 1);
    else return;
    event.preventDefault();
  };

  return (
    <div className={s.box}>
      <label className={s.field}>
        <Search aria-hidden="true" />
        <input
          ref={input}
          type="search"
          role="combobox"
          value={text}
          placeholder={t('searchEverything')}
          aria-label={t('search')}
          aria-expanded={shown}
          aria-controls={shown ? list : undefined}
          aria-activedescendant={shown && at >= 0 ? `${list}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={200}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setAt(-1);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
        />
      </label>
      {text !== '' && (
        <button
          type="button"
          className={s.clear}
          aria-label={t('clearSearch')}
          onClick={() => {
            take('');
            input.current?.focus();
          }}
        >
          <X />
        </button>
      )}
      {shown && (
        <div id={list} className={s.list} role="listbox" aria-label={t('suggestions')}>
          {items.map((one, place) => (
            // biome-ignore lint/a11y/useFocusableInteractive: likewise
            <div
              key={one.kind + one.id}
              id={`${list}-${place}`}
              role="option"
              aria-selected={place === at}
              className={s.option}
              // pointerdown comes before blur, which would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                take(one.text);
              }}
              onMouseMove={() => setAt(place)}
            >
              <span className={s.words}>
                <Highlighted name={one.text} query={text} />
              </span>
              <span className={s.kind}>{t(one.kind === 'person' ? 'person' : one.kind === 'series' ? 'oneSeries' : 'movie')}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
