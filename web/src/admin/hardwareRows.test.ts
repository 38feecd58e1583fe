import { expect, it } from 'vitest';
import type { Hardware } from '../api/types';
import en from '../i18n/admin.en.json';
import { translate } from '../i18n/index';
import type { AdminT } from '../i18n/namespaces';
import { hardwareRows } from './hardwareRows';

const t = ((key: string, values?: Record<string, string | number>) => translate(en, 'en', key as keyof typeof en, values)) as AdminT;
const rows = (hardware: Hardware) => hardwareRows(t, 'en', hardware);

it('says in one line that it is off', () => {
  expect(rows({ setting: 'off', state: 'off' })).toEqual([['Hardware encoding', 'Off: the processor makes everything']]);
});

it('leaves out families that the machine does not have, but for the one that was asked for', () => {
  const trials: Hardware['trials'] = [
    { family: 'nvenc', outcome: 'no_device', words: '', used: false },
    { family: 'videotoolbox', outcome: 'other_system', words: '', used: false },
  ];
  expect(rows({ setting: 'auto', state: 'none', trials })).toHaveLength(1);
  expect(rows({ setting: 'nvenc', state: 'none', trials })[1]).toEqual(['nvenc', 'The device is not there.']);
});

it('gives the reason, the speed and the group of a device', () => {
  const device = '/dev/dri/renderD128';
  const trials: Hardware['trials'] = [
    { family: 'vaapi', device, outcome: 'works', words: '', speed: 6.13, softwareSpeed: 1.32, used: true },
    { family: 'qsv', device, outcome: 'no_permission', words: '', group: 'render', used: false },
    { family: 'v4l2m2m', outcome: 'no_permission', words: '', used: false },
  ];
  expect(rows({ setting: 'auto', state: 'used', failures: 2, trials })).toEqual([
    ['Hardware encoding', 'In use'],
    ['', 'It broke 2 times since the start; the processor went on.'],
    ['vaapi · renderD128', 'Works: 6.1×, the processor 1.3×.'],
    ['qsv · renderD128', 'The server may not open the device: let it into the group render.'],
    ['v4l2m2m', 'The server may not open the device.'],
  ]);
});
