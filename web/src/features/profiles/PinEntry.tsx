import { useViewerWords } from '../../i18n/namespaces';
import { DigitPad } from './DigitPad';
import s from './PinEntry.module.css';

interface Props {
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  /** time of the last wrong try; each shakes the dots once */ wrong?: number;
  /** text below the dots */ note?: string;
}

const places = [0, 1, 2, 3];

/** Four dots and the numeric pad. */
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
