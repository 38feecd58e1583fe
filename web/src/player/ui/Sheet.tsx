import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { usePlayerT } from '../../i18n/namespaces';
import { focus } from '../../nav/focus';
import { first } from '../../nav/nav';
import s from './Sheet.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A side panel (a bottom sheet on phones). It takes the focus when it opens and restores it when it closes. */
export function Sheet({ title, onClose, children }: Props) {
  const t = usePlayerT();
  const id = useId();
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const opener = document.activeElement;
    const start = sheet.current && first(sheet.current);
    if (start) focus(start);
    return () => {
      if (opener instanceof HTMLElement && document.contains(opener)) opener.focus({ preventScroll: true });
    };
  }, []);

  return (
    <div ref={sheet} className={s.sheet} role="dialog" aria-labelledby={id} data-nav="col" data-nav-trap="" data-testid="sheet">
      <div className={s.head}>
        <h2 id={id} className={s.title}>
          {title}
        </h2>
        <button type="button" className={s.close} aria-label={t('close')} onClick={onClose}>
          <X />
        </button>
      </div>
      {children}
    </div>
  );
}
