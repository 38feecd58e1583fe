import type { NewProfile, Profile, ProfilePatch } from '../../api/types';

/** A profile while it is being made or changed. */
export interface Draft {
  name: string;
  /** a drawing chosen here; empty leaves the picture as it is */ avatar: string;
  /** a picture chosen from this device, sent once the rest is saved */ picture?: File;
  kids: boolean;
  /** years; undefined = no limit */ maturity?: number;
  unrated: boolean;
  language: string;
  audioLanguage: string;
  subtitleLanguage: string;
  autoplayNext: boolean;
  /** four digits to be set, null to take the PIN away, undefined to leave it */ pin?: string | null;
}

/** What a new kids profile begins with. */
const kidsAge = 7;

export function draftOf(profile?: Profile): Draft {
  return {
    name: profile?.name ?? '',
    avatar: '',
    kids: profile?.kids ?? false,
    maturity: profile?.maturity,
    unrated: profile?.unrated ?? true,
    language: profile?.language ?? '',
    audioLanguage: profile?.audioLanguage ?? '',
    subtitleLanguage: profile?.subtitleLanguage ?? '',
    autoplayNext: profile?.autoplayNext ?? true,
  };
}

/** A profile becomes one for kids with a limit and without unrated titles; what its owner sets after that stays. */
export function withKids(draft: Draft, kids: boolean): Draft {
  if (!kids) return { ...draft, kids };
  return { ...draft, kids, maturity: Math.min(draft.maturity ?? kidsAge, kidsAge), unrated: false };
}

/** What differs from the profile as it is, in the server's words: only that is sent, because the rest may take a password. */
export function patchOf(draft: Draft, profile: Profile): ProfilePatch {
  const old = draftOf(profile);
  const patch: ProfilePatch = {};
  const name = draft.name.trim();
  if (name !== old.name) patch.name = name;
  // Also the drawing behind an uploaded picture: choosing it again takes the picture away.
  if (draft.avatar) patch.avatar = draft.avatar;
  if (draft.maturity !== old.maturity) patch.maturity = draft.maturity ?? null;
  if (draft.pin !== undefined) patch.pin = draft.pin;
  for (const key of ['kids', 'unrated', 'autoplayNext'] as const) if (draft[key] !== old[key]) patch[key] = draft[key];
  for (const key of ['language', 'audioLanguage', 'subtitleLanguage'] as const) if (draft[key] !== old[key]) patch[key] = draft[key];
  return patch;
}

export function newOf({ picture: _, pin, maturity, name, avatar, ...rest }: Draft): NewProfile {
  return { ...rest, name: name.trim(), avatar: avatar || undefined, maturity: maturity ?? null, ...(pin ? { pin } : {}) };
}
