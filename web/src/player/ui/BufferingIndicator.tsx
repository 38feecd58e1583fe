import { usePlayerT } from '../../i18n/namespaces';
import { Spinner } from '../../ui/Spinner';
import type { View } from '../core/player';
import s from './BufferingIndicator.module.css';

/** Spinner, shown after a delay, and its reason, shown after some seconds: both delays are CSS animations. */
export function BufferingIndicator({ view }: { view: View }) {
  const t = usePlayerT();
  if (view.phase !== 'loading' && view.phase !== 'buffering') return null;
  const making = view.way.kind === 'ladder' && view.renditions.some((one) => !one.complete);
  return (
    <div className={s.sign} data-testid="waiting">
      <Spinner large />
      <p className={making ? s.making : s.slow}>{t(making ? 'makingThisPart' : 'slowConnection')}</p>
    </div>
  );
}
