import { ChevronDown, SlidersHorizontal, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Browse, Facet, Facets } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { focus } from '../../nav/focus';
import { pushLayer } from '../../nav/keys';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { useDevice } from '../../ui/use-device';
import s from './FilterBar.module.css';
import { activeFilters, type Filter, filters, nameOf, optionsOf } from './filters';

export interface Asking {
  browse: Browse;
  facets: Facets | undefined;
  onChange: (change: Partial<Browse>) => void;
}

/** Filters with facet counts: dropdowns on desktops, a side panel on phones and TVs. */
export function FilterBar(asking: Asking) {
  const { t } = useViewerWords();
  const device = useDevice();
  const [open, setOpen] = useState(false);
  const some = filters.filter((filter) => optionsOf(filter, asking.facets, asking.browse).length > 0);
  const count = activeFilters(asking.browse).length;
  if (some.length === 0) return null;
  if (device === 'desktop') {
    return some.map((filter) => <FilterDropdown key={filter.name} filter={filter} {...asking} />);
  }
  return (
    <>
      <button type="button" className={s.opener} aria-haspopup="dialog" data-active={count > 0 || undefined} onClick={() => setOpen(true)}>
        <SlidersHorizontal className={s.before} aria-hidden="true" />
        {t('changeFilters')}
        {count > 0 && <span className={s.number}>{count}</span>}
      </button>
      {open && (
        <Dialog title={t('changeFilters')} side onClose={() => setOpen(false)}>
          {some.map((filter) => (
            <FilterGroup key={filter.name} filter={filter} {...asking} />
          ))}
          <Actions>
            {count > 0 && <Button onClick={() => asking.onChange(noFilters)}>{t('clearFilters')}</Button>}
            <Button tone="primary" onClick={() => setOpen(false)}>
              {t('applyFilters', { count: asking.facets?.total ?? 0 })}
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}

/** Clears every filter. */
export const noFilters: Partial<Browse> = {
  genre: undefined,
  year: undefined,
  minutes: undefined,
  collection: undefined,
  watched: undefined,
  studio: undefined,
  person: undefined,
  of: undefined,
  q: undefined,
};

interface Option {
  id: string;
  words: string;
  count: number;
  chosen: boolean;
  choose: () => void;
}

function useOptions({ filter, browse, facets, onChange }: Asking & { filter: Filter }): Option[] {
  const { t } = useViewerWords();
  return optionsOf(filter, facets, browse).map((facet: Facet) => {
    const chosen = browse[filter.name] === facet.id;
    return {
      id: facet.id,
      words: nameOf(t, filter, facet),
      count: facet.count,
      chosen,
      choose: () => onChange({ [filter.name]: chosen ? undefined : facet.id }),
    };
  });
}

function FilterGroup(props: Asking & { filter: Filter }) {
  const { t } = useViewerWords();
  const answers = useOptions(props);
  return (
    <section className={s.group} aria-label={t(props.filter.words)} data-nav="col">
      <h3 className={s.heading}>{t(props.filter.words)}</h3>
      <div className={s.chips} data-nav="grid">
        {answers.map(({ id, words, count, chosen, choose }) => (
          <button key={id} type="button" className={s.chip} aria-pressed={chosen} onClick={choose}>
            {words}
            <Count value={count} />
          </button>
        ))}
      </div>
    </section>
  );
}

function Count({ value }: { value: number }) {
  const { language } = useViewerWords();
  return <span className={s.count}>{new Intl.NumberFormat(language).format(value)}</span>;
}

/** A dropdown with the options of one filter. */
function FilterDropdown(props: Asking & { filter: Filter }) {
  const { t } = useViewerWords();
  const [open, setOpen] = useState(false);
  const answers = useOptions(props);
  const chosen = answers.find((one) => one.chosen);
  return (
    <div className={s.drop}>
      <button
        type="button"
        className={s.opener}
        aria-expanded={open}
        aria-haspopup="true"
        data-active={chosen ? '' : undefined}
        onClick={() => setOpen(!open)}
      >
        {chosen ? chosen.words : t(props.filter.words)}
        <ChevronDown className={s.down} aria-hidden="true" />
      </button>
      {open && (
        <Menu label={t(props.filter.words)} onClose={() => setOpen(false)}>
          {answers.map(({ id, words, count, chosen: on, choose }) => (
            <button
              key={id}
              type="button"
              className={s.answer}
              aria-pressed={on}
              onClick={() => {
                choose();
                setOpen(false);
              }}
            >
              <span>{words}</span>
              <Count value={count} />
            </button>
          ))}
        </Menu>
      )}
    </div>
  );
}

function Menu({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  const menu = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const opener = document.activeElement;
    const off = pushLayer((key, event) => {
      if (key !== 'back' && event.key !== 'Escape') return false;
      close.current();
      if (opener instanceof HTMLElement) opener.focus();
      return true;
    });
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.parentElement?.contains(target)) close.current();
    };
    document.addEventListener('pointerdown', elsewhere);
    const start = menu.current?.querySelector<HTMLElement>('[aria-pressed="true"]') ?? menu.current?.querySelector<HTMLElement>('button');
    if (start) focus(start);
    return () => {
      off();
      document.removeEventListener('pointerdown', elsewhere);
    };
  }, []);
  return (
    <div ref={menu} className={s.menu} role="group" aria-label={label} data-nav="col" data-nav-trap="">
      {children}
    </div>
  );
}

/** Chips of the active filters; a click removes one. */
export function ActiveFilters({ browse, facets, onChange }: Asking) {
  const { t } = useViewerWords();
  const chips = activeFilters(browse).map((filter) => ({
    key: filter.name as keyof Browse,
    words: nameOf(
      t,
      filter,
      optionsOf(filter, facets, browse).find(({ id }) => id === browse[filter.name]) ?? { id: '', name: '', count: 0 },
    ),
  }));
  if (browse.studio || browse.person) chips.push({ key: browse.studio ? 'studio' : 'person', words: browse.of ?? '' });
  if (browse.q) chips.push({ key: 'q', words: `“${browse.q}”` });
  if (chips.length === 0) return null;
  return (
    <ul className={s.asked} aria-label={t('changeFilters')} data-nav="row">
      {chips.map(({ key, words }) => (
        <li key={key}>
          <button
            type="button"
            className={s.off}
            aria-label={t('clearOne', { name: words })}
            onClick={() => onChange({ [key]: undefined })}
          >
            {words}
            <X aria-hidden="true" />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" className={s.clear} onClick={() => onChange(noFilters)}>
            {t('clearFilters')}
          </button>
        </li>
      )}
    </ul>
  );
}
