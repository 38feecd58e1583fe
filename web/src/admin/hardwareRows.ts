import type { Hardware, HardwareTrial } from '../api/types';
import type { AdminT } from '../i18n/namespaces';

/** The state of hardware encoding, how often it broke, and each trial with its reason, as rows of the system panel. */
export function hardwareRows(t: AdminT, language: string, { setting, state, failures, trials }: Hardware): [string, string][] {
  const rows: [string, string][] = [[t('hardware'), t(`hardware_${state}`)]];
  if (failures) rows.push(['', t('hardwareFailures', { count: failures })]);
  for (const trial of trials ?? []) {
    // A family that the machine does not have is no news, unless the owner asked for it.
    const absent = trial.outcome === 'no_device' || trial.outcome === 'other_system';
    if (absent && trial.family !== setting) continue;
    const name = trial.device?.split('/').pop(); // the whole path is too long for a phone; two cards differ in the last part
    rows.push([[trial.family, name].filter(Boolean).join(' · '), reason(t, language, trial)]);
  }
  return rows;
}

function reason(t: AdminT, language: string, { outcome, group, speed = 0, softwareSpeed = 0 }: HardwareTrial): string {
  if (outcome === 'no_permission' && group) return t('trial_no_permissionGroup', { group });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return t(`trial_${outcome}`, { speed: number.format(speed), software: number.format(softwareSpeed) });
}
