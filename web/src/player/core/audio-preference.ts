import type { TitleCard } from '../../api/types';
import { load, save } from '../../lib/storage';
import type { Audio, AudioTrack } from './engine';

/** What somebody wants to hear; without a word it is what the film begins with. */
interface AudioPreference {
  /** BCP 47 */ language?: string;
  /** of the track; counts among those of the same language */ name?: string;
}

/** Which track to begin with, and where to keep the one that the viewer then picks. */
export interface AudioPreferenceStore {
  pick(audio: Audio): number;
  keep(track: AudioTrack): void;
}

/**
 * The track that comes nearest to a wish: the language as it is written, then the language of no particular country, then
 * that of another country. Among equals the one that plays already stays, then the first. The current one when nothing fits.
 * @internal
 */
export function bestTrack({ all, current }: Audio, wish: AudioPreference): number {
  let best = current;
  let most = 0;
  for (const track of all) {
    const likeness = languageMatch(track.language, wish.language);
    if (likeness === 0) continue;
    const score = likeness * 4 + (wish.name === track.name ? 2 : 0) + (track.index === current ? 1 : 0);
    if (score > most) {
      most = score;
      best = track.index;
    }
  }
  return best;
}

/** 3 = the same, 2 = the same without a country, 1 = that of another country, 0 = another language. */
function languageMatch(has = '', wanted = ''): 0 | 1 | 2 | 3 {
  const [tag, wish] = [has.toLowerCase(), wanted.toLowerCase()];
  if (!wish || !tag) return 0;
  if (tag === wish) return 3;
  if (tag.split('-')[0] !== wish.split('-')[0]) return 0;
  return tag.includes('-') ? 1 : 2;
}

type StoredPreference = AudioPreference & { what: string };

/** So many films and series keep what was picked for them in this browser; the oldest goes first. */
const most = 100;

/** The profile's language, except where the same profile picked a track by hand for this film or series before. */
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
