import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { profiles, switchProfile } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { ExitDialog } from './ExitDialog';
import { PinDialog } from './PinDialog';

interface EntryChallenge {
  profile: Profile;
  kind: 'pin' | 'exit';
}

export interface ProfileEntry {
  begin: (profile: Profile) => void;
  /** the PIN or exit challenge to pass before the profile is entered */ door?: EntryChallenge;
  leave: () => void;
  done: () => void;
  /** the profile that is being entered */ busy?: string;
  error?: unknown;
}

/** Problem codes that open a challenge dialog. */
const doors: Record<string, EntryChallenge['kind']> = { pin_needed: 'pin', exit_needed: 'exit' };

/** Enters a profile: immediately, or after its PIN or the exit challenge of a kids profile. */
export function useProfileEntry(current: Profile | null | undefined, done: () => void): ProfileEntry {
  const [door, setDoor] = useState<EntryChallenge>();
  const choose = useMutation({
    mutationFn: (profile: Profile) => profiles.choose(profile.id, {}),
    onSuccess: async (bootstrap) => {
      await switchProfile(bootstrap);
      done();
    },
    onError: (error, profile) => {
      const kind = doors[asProblem(error).code];
      if (kind) setDoor({ profile, kind });
    },
  });
  const begin = (profile: Profile) => {
    if (profile.hasPin) setDoor({ profile, kind: 'pin' });
    else if (current?.kids && current.id !== profile.id) setDoor({ profile, kind: 'exit' });
    else choose.mutate(profile);
  };
  const known = choose.error && doors[asProblem(choose.error).code];
  return {
    begin,
    door,
    leave: () => setDoor(undefined),
    done,
    busy: choose.isPending ? choose.variables.id : undefined,
    error: known ? undefined : choose.error,
  };
}

/** The dialog of the current challenge. */
export function EntryDialogs({ entrance: { door, leave, done } }: { entrance: ProfileEntry }) {
  if (!door) return null;
  const Dialog = door.kind === 'pin' ? PinDialog : ExitDialog;
  return <Dialog key={door.profile.id} profile={door.profile} onClose={leave} onDone={done} />;
}
