import type { System } from '../api/types';
import { useLanguage } from '../i18n';
import { Panel } from './Panel';
import s from './SystemPanel.module.css';

/** The server itself: versions, where its data is, and how fast this machine encodes each rung. */
export function SystemPanel({ system }: { system: System }) {
  const { t, language } = useLanguage();
  const rows: [string, string][] = [
    ['Movify', system.version],
    ['ffmpeg', /version (\S+)/.exec(system.ffmpeg)?.[1] ?? system.ffmpeg],
    [t('dataDir'), system.dataDir],
    [t('startRung'), system.startRung],
  ];
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <Panel title={t('system')}>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name} className={s.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {system.speeds.map(({ name, speed }) => (
          <div key={name} className={s.row}>
            <dt>{t('speedOf', { name })}</dt>
            <dd>{number.format(speed)}×</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
