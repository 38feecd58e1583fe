import { Delete } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useViewerWords } from '../../i18n/namespaces';
import { pushLayer } from '../../nav/keys';
import s from './DigitPad.module.css';

interface Props {
  onDigit: (digit: string) => void;
  onErase: () => void;
  disabled?: boolean;
  /** the cell at the right of the zero */ children?: ReactNode;
}

const rows = ['123', '456', '789'];

/** A numeric pad for touch and remotes; keyboards work as well. */
export function DigitPad({ onDigit, onErase, disabled, children }: Props) {
  const { t } = useViewerWords();
  const press = useRef({ onDigit, onErase, disabled });
  press.current = { onDigit, onErase, disabled };
  useEffect(
    () =>
      pushLayer((_, event) => {
        const now = press.current;
        const erases = event.key === 'Backspace';
        if (now.disabled || event.ctrlKey || event.metaKey || (!erases && !/^\d$/.test(event.key))) return false;
        if (erases) now.onErase();
        else now.onDigit(event.key);
        return true;
      }),
    [],
  );
  const key = (digit: string) => (
    <button
      key={digit}
      type="button"
      className={s.key}
      aria-disabled={disabled || undefined}
      data-nav-default={digit === '5' ? '' : undefined}
      onClick={() => disabled || onDigit(digit)}
    >
      {digit}
    </button>
  );
  return (
    <div className={s.pad} data-nav="grid">
      {rows.flatMap((row) => Array.from(row, key))}
      <button
        type="button"
        className={s.key}
        aria-label={t('erase')}
        aria-disabled={disabled || undefined}
        onClick={() => disabled || onErase()}
      >
        <Delete />
      </button>
      {key('0')}
      <span className={s.last}>{children}</span>
    </div>
  );
}
