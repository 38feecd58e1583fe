import type { TitleSummary } from '../../api/types';
import type { ViewerKey, ViewerT } from '../../i18n/namespaces';

const words: Record<string, ViewerKey> = {
  trailer: 'extra_trailer',
  behindthescenes: 'extra_behindthescenes',
  deleted: 'extra_deleted',
  featurette: 'extra_featurette',
  interview: 'extra_interview',
  scene: 'extra_scene',
  short: 'extra_short',
};

/** The label of an extra's kind. */
export function extraWords(t: ViewerT, { extra }: TitleSummary): string {
  return t(words[extra ?? ''] ?? 'extra_any');
}
