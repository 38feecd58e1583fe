import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { enter, profiles } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { ExitDialog } from './ExitDialog';
import { PinDialog } from './PinDialog';

interface Door {
  profile: Profile;
  kind: 'pin' | 'exit';
}

export interface Entrance {
  begin: (profile: Profile) => void;
  /** what stands between the viewer and the profile asked for */ door?: Door;
  leave: () => void;
  done: () => void;
  /** the profile that is being entered */ busy?: string;
  error?: unknown;
}

/** The codes of refusals that a dialog can put right. */
const doors: Record<string, Door['kind']> = { pin_needed: 'pin', exit_needed: 'exit' };

/** The way into a profile: at once, or past a PIN or the question for grown-ups. */
export function useEntrance(current: Profile | null | undefined, done: () => void): Entrance {
  const [door, setDoor] = useState<Door>();
  const choose = useMutation({
    mutationFn: (profile: Profile) => profiles.choose(profile.id, {}),
    onSuccess: async (bootstrap) => {
      await enter(bootstrap);
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

/** The dialog at the door, while one is closed. */
export function Doors({ entrance: { door, leave, done } }: { entrance: Entrance }) {
  if (!door) return null;
  const Dialog = door.kind === 'pin' ? PinDialog : ExitDialog;
  return <Dialog key={door.profile.id} profile={door.profile} onClose={leave} onDone={done} />;
}
