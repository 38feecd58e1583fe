import type { System } from '../api/types';
import { useAdminWords } from '../i18n/namespaces';
import { Facts } from '../ui/Facts';
import { Panel } from '../ui/Panel';
import { hardwareRows } from './hardwareRows';

/** Server versions, the data folder, the measured encoding speed of each rung, and the hardware encoders. */
export function SystemPanel({ system }: { system: System }) {
  const { t, language } = useAdminWords();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <Panel title={t('system')}>
      <Facts
        rows={[
          ['Movify', system.version],
          ['ffmpeg', /version (\S+)/.exec(system.ffmpeg)?.[1] ?? system.ffmpeg],
          [t('dataDir'), system.dataDir],
          [t('startRung'), system.startRung],
          ...system.speeds.map(({ name, speed }): [string, string] => [t('speedOf', { name }), `${number.format(speed)}×`]),
          ...hardwareRows(t, language, system.hardware),
        ]}
      />
    </Panel>
  );
}
