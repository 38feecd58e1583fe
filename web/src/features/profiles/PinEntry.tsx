import { useViewerWords } from '../../i18n/namespaces';
import { DigitPad } from './DigitPad';
import s from './PinEntry.module.css';

interface Props {
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  /** the last wrong try, by its time: each shakes the dots once */ wrong?: number;
  /** said under the dots */ note?: string;
}

const places = [0, 1, 2, 3];

/** Four dots and the pad that fills them. */
export function PinEntry({ value, onChange, disabled, wrong, note }: Props) {
  const { t } = useViewerWords();
  return (
    <>
      <div key={wrong} className={s.dots} data-wrong={wrong || undefined} role="img" aria-label={t('digitsTyped', { count: value.length })}>
        {places.map((place) => (
          <span key={place} className={s.dot} data-full={place < value.length || undefined} />
        ))}
      </div>
      <p className={s.note} role="alert">
        {note}
      </p>
      <DigitPad
        disabled={disabled}
        onDigit={(digit) => value.length < places.length && onChange(value + digit)}
        onErase={() => onChange(value.slice(0, -1))}
      />
    </>
  );
}
