import s from './Progress.module.css';

interface Props {
  /** 0..100 */ percent: number;
  label: string;
  tone?: 'brand' | 'info';
}

export function Progress({ percent, label, tone = 'brand' }: Props) {
  const value = Math.min(100, Math.max(0, percent));
  return (
    <div className={s.bar} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(value)}>
      <div className={s[tone]} style={{ transform: `scaleX(${value / 100})` }} />
    </div>
  );
}
