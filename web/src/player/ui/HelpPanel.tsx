import { type PlayerKey, usePlayerT } from '../../i18n/namespaces';
import s from './HelpPanel.module.css';
import { Sheet } from './Sheet';

const lines: [string[], PlayerKey][] = [
  [['Space', 'K'], 'helpPlay'],
  [['←', '→', 'J', 'L'], 'helpSeek'],
  [['0', '…', '9'], 'helpPercent'],
  [['↑', '↓'], 'helpVolume'],
  [['M'], 'mute'],
  [['F'], 'fullscreen'],
  [['P'], 'pip'],
  [['S', 'A'], 'settings'],
  [['<', '>'], 'speed'],
  [[',', '.'], 'helpFrame'],
  [['N'], 'nextEpisode'],
  [['I'], 'stats'],
  [['Esc'], 'helpClose'],
];

export function HelpPanel({ onClose }: { onClose: () => void }) {
  const t = usePlayerT();
  return (
    <Sheet title={t('keyboardHelp')} onClose={onClose}>
      <dl>
        {lines.map(([keys, key]) => (
          <div key={key} className={s.line}>
            <dt>
              {keys.map((one) => (
                <kbd key={one} className={s.key}>
                  {one}
                </kbd>
              ))}
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
