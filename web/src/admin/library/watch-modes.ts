import type { WatchMode } from '../../api/types';
import type { AdminKey } from '../../i18n/namespaces';

export const modeWords: Record<WatchMode, AdminKey> = {
  auto: 'modeAuto',
  inotify: 'modeInotify',
  poll: 'modePoll',
  hook: 'modeHook',
};
