import { CircleAlert } from 'lucide-react';
import { type PlayerKey, usePlayerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import type { PlayerFault } from '../core/machine';
import s from './FaultPanel.module.css';

interface Props {
  fault: PlayerFault;
  onRetry: () => void;
  onClose: () => void;
}

const headings: Record<PlayerFault['kind'], PlayerKey> = { network: 'faultNetwork', media: 'faultMedia', refused: 'faultRefused' };
const texts: Record<PlayerFault['kind'], PlayerKey> = { network: 'faultNetworkText', media: 'faultMediaText', refused: 'failedText' };

/** Codes of an ended session: stopped on another device, or expired. */
const ended = ['session_ended', 'session_not_found'];

/** An error in place of the video, with the code that the server logs. */
export function FaultPanel({ fault, onRetry, onClose }: Props) {
  const { t, reason } = usePlayerWords();
  return (
    <div className={s.fault} role="alert" data-nav="col">
      <CircleAlert className={s.icon} aria-hidden="true" />
      <h2 className={s.heading}>{t(ended.includes(fault.code) ? 'faultEnded' : headings[fault.kind])}</h2>
      <p className={s.text}>{(fault.kind === 'refused' && reason(fault.code, fault.detail ?? '')) || t(texts[fault.kind])}</p>
      <p className={s.code} data-testid="fault-code">
        {fault.code}
      </p>
      <div className={s.actions} data-nav="row">
        <Button tone="primary" onClick={onRetry} data-nav-default="">
          {t('retry')}
        </Button>
        <Button onClick={onClose}>{t('back')}</Button>
      </div>
    </div>
  );
}
