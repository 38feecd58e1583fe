import type { Way } from '../../api/types';
import type { Translation } from '../../i18n';
import type { PlayerKey } from '../../i18n/namespaces';

/** Reasons that the server gives, and those of a player that went to the other stream. */
const reasons: Record<string, PlayerKey> = {
  device_unknown: 'wayDeviceUnknown',
  original_fits: 'wayFits',
  original_chosen: 'wayChosen',
  original_back: 'wayBack',
  ladder_away: 'wayAway',
  ladder_unfit: 'wayUnfit',
  ladder_codec: 'wayCodec',
  ladder_limit: 'wayLimit',
  ladder_chosen: 'wayChosen',
  ladder_failed_before: 'wayFailedBefore',
  ladder_interlaced: 'wayInterlaced',
  ladder_open_groups: 'wayOpenGroups',
  ladder_cropped: 'wayCropped',
  ladder_turned: 'wayTurned',
  ladder_range: 'wayRange',
  ladder_network: 'wayNetwork',
  ladder_remote: 'wayRemote',
  ladder_slow: 'waySlow',
  ladder_failed: 'wayFailed',
  ladder_unavailable: 'wayUnavailable',
};

/** Why this stream plays, in the viewer's language; the server's English for a reason that is not known here. */
export function wayWords({ t }: Pick<Translation<PlayerKey>, 't'>, { code, message, params }: Way): string {
  const key = reasons[code];
  return key ? t(key, params) : message || code;
}
