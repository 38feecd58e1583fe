import type { NewProfile, Profile, ProfilePatch } from '../../api/types';

/** Form state of a profile. */
export interface Draft {
  name: string;
  /** chosen built-in avatar; empty keeps the picture */ avatar: string;
  /** picture to upload after the rest is saved */ picture?: File;
  kids: boolean;
  /** years; undefined = no limit */ maturity?: number;
  unrated: boolean;
  language: string;
  audioLanguage: string;
  subtitleLanguage: string;
  autoplayNext: boolean;
  /** new PIN of four digits; null removes it, undefined keeps it */ pin?: string | null;
}

/** Age limit of a new kids profile. */
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

/** Turning kids on sets an age limit and hides unrated titles; both can be changed afterwards. */
export function withKids(draft: Draft, kids: boolean): Draft {
  if (!kids) return { ...draft, kids };
  return { ...draft, kids, maturity: Math.min(draft.maturity ?? kidsAge, kidsAge), unrated: false };
}

/** The patch of the changed fields only, because other fields may require the password. */
export function patchOf(draft: Draft, profile: Profile): ProfilePatch {
  const old = draftOf(profile);
  const patch: ProfilePatch = {};
  const name = draft.name.trim();
  if (name !== old.name) patch.name = name;
  // Includes the avatar behind an uploaded picture: choosing it again removes the picture.
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
