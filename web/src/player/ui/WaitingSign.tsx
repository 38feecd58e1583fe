import { usePlayerT } from '../../i18n/books';
import { Spinner } from '../../ui/Spinner';
import type { View } from '../core/player';
import s from './WaitingSign.module.css';

/** The spinner appears after a moment, the reason after some seconds: both delays are in the style sheet. */
export function WaitingSign({ view }: { view: View }) {
  const t = usePlayerT();
  if (view.phase !== 'loading' && view.phase !== 'buffering') return null;
  const making = view.renditions.some((one) => !one.complete);
  return (
    <div className={s.sign} data-testid="waiting">
      <Spinner large />
      <p className={making ? s.making : s.slow}>{t(making ? 'makingThisPart' : 'slowConnection')}</p>
    </div>
  );
}
