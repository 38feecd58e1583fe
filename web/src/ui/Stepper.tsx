import { Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import { useT } from '../i18n';
import { Button } from './Button';
import s from './Stepper.module.css';

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** An integer input with plus and minus buttons, because a remote has no digits. */
export function Stepper({ label, value, min, max, onChange }: Props) {
  const t = useT();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} className={s.label}>
        {label}
      </p>
      <div className={s.stepper} data-nav="row">
        <Button round small icon={<Minus />} aria-label={t('less')} disabled={value <= min} onClick={() => onChange(value - 1)} />
        <output className={s.value}>{value}</output>
        <Button round small icon={<Plus />} aria-label={t('more')} disabled={value >= max} onClick={() => onChange(value + 1)} />
      </div>
    </div>
  );
}
