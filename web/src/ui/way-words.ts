import { useEffect, useState } from 'react';
import type { Way } from '../api/types';
import { loadNamespace, type Namespace, type Translation, useNamespaces } from '../i18n';
import type words from '../i18n/way.en.json';

type Words = typeof words;
type WayKey = keyof Words;

const wayNamespace: Namespace<Words> = { en: () => import('../i18n/way.en.json'), fr: () => import('../i18n/way.fr.json') };

/** Reasons that the server gives, and those of a player that went to the other stream. */
const reasons: Record<string, WayKey> = {
  '': 'wayMoved',
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
  ladder_failed_sound: 'wayFailedSound',
  ladder_unavailable: 'wayUnavailable',
};

/** Why a file has no Original stream: the code of its fault, `params.cause` of `ladder_unfit`. */
const causes: Record<string, WayKey> = {
  original_away: 'causeAway',
  original_beginning: 'causeBeginning',
  original_changed: 'causeChanged',
  original_changing: 'causeChanging',
  original_clock: 'causeClock',
  original_codec: 'causeCodec',
  original_container: 'causeContainer',
  original_cropped: 'causeCropped',
  original_damaged: 'causeDamaged',
  original_dense: 'causeDense',
  original_disc: 'causeDisc',
  original_edited: 'causeEdited',
  original_fragments: 'causeFragments',
  original_index: 'causeIndex',
  original_index_pending: 'causeIndexPending',
  original_joined: 'causeJoined',
  original_no_index: 'causeNoIndex',
  original_no_picture: 'causeNoPicture',
  original_no_segment: 'causeNoSegment',
  original_not_found: 'causeNotFound',
  original_other_picture: 'causeOtherPicture',
  original_packed: 'causePacked',
  original_slow: 'causeSlow',
  original_sparse: 'causeSparse',
  original_times: 'causeTimes',
  original_unreadable: 'causeUnreadable',
  source_away: 'causeSourceAway',
};

type Says = Pick<Translation<WayKey>, 't' | 'language'>;

/** Words that speak to the viewer, as administrators read them. */
const ofOthers: Partial<Record<WayKey, WayKey>> = { wayChosen: 'wayChosenOther', wayLimit: 'wayLimitOther' };

/** Why this stream plays, in the reader's language; the server's English for a reason that is not known here. @internal */
export function wayWords({ t, language }: Says, { code, message, params = {} }: Way, other = false): string {
  const reason = reasons[code];
  const key = (other && reason && ofOthers[reason]) || reason;
  if (!key) return message || code;
  const cause = code === 'ladder_unfit' ? causes[params.cause ?? ''] : undefined;
  return t(cause ?? key, Object.fromEntries(Object.entries(params).map(([name, text]) => [name, inLanguage(language, text)])));
}

/** The server writes "8.2 Mb/s", with the decimal mark of English. */
function inLanguage(language: string, text: string): string {
  if (language !== 'fr') return text;
  return text.replace(
    /(\d+)(?:\.(\d+))? ([Mk])b\/s/g,
    (_, whole: string, part: string | undefined, unit: string) => `${part ? `${whole},${part}` : whole}\u00a0${unit}b/s`,
  );
}

/** "Plays as it is on this device", or that it is converted, and why. @internal */
export function playsWords(says: Says, way: Way, encodesSound = false): string {
  if (way.kind === 'original') return says.t(encodesSound ? 'playsWithSound' : 'playsAsIs');
  return says.t('willConvert', { why: wayWords(says, way) });
}

interface Ways {
  /** why a stream plays; `other`: the reader is not its viewer */ why: (way: Way, other?: boolean) => string;
  /** how a file would be played */ plays: (way: Way, encodesSound?: boolean) => string;
}

/** The words of ways; undefined until they are loaded. */
export function useWayWords(): Ways | undefined {
  const says = useNamespaces<Words>();
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    loadNamespace(wayNamespace).then(
      () => setLoaded(true),
      () => undefined,
    );
  }, []);
  if (!loaded) return undefined;
  return { why: (way, other) => wayWords(says, way, other), plays: (way, encodesSound) => playsWords(says, way, encodesSound) };
}
