import { usePlayerT } from '../../i18n/namespaces';
import { Spinner } from '../../ui/Spinner';
import type { View } from '../core/player';
import s from './BufferingIndicator.module.css';

/** The spinner appears after a moment, the reason after some seconds: both delays are in the style sheet. */
export function BufferingIndicator({ view }: { view: View }) {
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
