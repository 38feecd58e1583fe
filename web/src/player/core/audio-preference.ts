import type { TitleCard } from '../../api/types';
import { load, save } from '../../lib/storage';
import type { Audio, AudioTrack } from './engine';

/** Preferred audio track; empty means the default track. */
interface AudioPreference {
  /** BCP 47 */ language?: string;
  /** track name; decides among tracks of the same language */ name?: string;
}

/** Selects the initial audio track and stores the viewer's choice. */
export interface AudioPreferenceStore {
  pick(audio: Audio): number;
  keep(track: AudioTrack): void;
}

/**
 * The track that matches the preference best: the exact language tag, then the language without a region, then the language
 * with another region. Among equals the current track wins, then the first. Without a match the current track. A commentary or a
 * description of the picture only when it is wished by its name.
 * @internal
 */
export function bestTrack({ all, current }: Audio, wish: AudioPreference): number {
  let best = current;
  let most = 0;
  for (const track of all) {
    const likeness = languageMatch(track.language, wish.language);
    if (likeness === 0) continue;
    if (track.aside && track.index !== current && track.name !== wish.name) continue;
    const score = likeness * 4 + (wish.name === track.name ? 2 : 0) + (track.index === current ? 1 : 0);
    if (score > most) {
      most = score;
      best = track.index;
    }
  }
  return best;
}

/** The track of another stream of the film that is the same as one that was heard. */
export function sameTrack(audio: Audio, heard: AudioTrack): number {
  const { name, language } = heard;
  const same = audio.all.find((track) => track.name === name && track.language === language);
  return same?.index ?? bestTrack(audio, heard);
}

/** 3 = same tag, 2 = same language without a region, 1 = other region, 0 = other language. */
function languageMatch(has = '', wanted = ''): 0 | 1 | 2 | 3 {
  const [tag, wish] = [has.toLowerCase(), wanted.toLowerCase()];
  if (!wish || !tag) return 0;
  if (tag === wish) return 3;
  if (tag.split('-')[0] !== wish.split('-')[0]) return 0;
  return tag.includes('-') ? 1 : 2;
}

type StoredPreference = AudioPreference & { what: string };

/** Maximum number of stored choices in this browser; the oldest is dropped. */
const most = 100;

/** Prefers the track that the profile last chose for this film or series, else the profile's audio language. */
export function audioPreference(
  profile: { id: string; audioLanguage?: string } | undefined,
  title: Pick<TitleCard, 'id' | 'seriesId'>,
): AudioPreferenceStore {
  const what = `${profile?.id ?? ''}/${title.seriesId ?? title.id}`;
  return {
    pick: (audio) => bestTrack(audio, storedPreferences().find((one) => one.what === what) ?? { language: profile?.audioLanguage }),
    keep: ({ language, name }) => {
      const others = storedPreferences().filter((one) => one.what !== what);
      save('voices', JSON.stringify([{ what, language, name }, ...others].slice(0, most)));
    },
  };
}

function storedPreferences(): StoredPreference[] {
  try {
    const list: unknown = JSON.parse(load('voices') ?? '[]');
    return Array.isArray(list) ? (list as StoredPreference[]) : [];
  } catch {
    return [];
  }
}
