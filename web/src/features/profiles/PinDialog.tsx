import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { profiles, switchProfile } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { useCountdown } from '../../ui/use-countdown';
import { failureWords, waitWords } from '../../ui/words';
import { ForgotPin } from './ForgotPin';
import { PinEntry } from './PinEntry';

interface Props {
  profile: Profile;
  onClose: () => void;
  onDone: () => void;
}

/** Enters a profile's PIN. The fourth digit submits it; a wrong PIN shows how many tries are left. */
export function PinDialog({ profile, onClose, onDone }: Props) {
  const words = useViewerWords();
  const { t } = words;
  const [forgotten, setForgotten] = useState(false);
  const [pin, setPin] = useState('');
  const open = useMutation({
    mutationFn: (typed: string) => profiles.choose(profile.id, { pin: typed }),
    onSuccess: async (bootstrap) => {
      await switchProfile(bootstrap);
      onDone();
    },
    onError: () => setPin(''),
  });
  const problem = open.error ? asProblem(open.error) : undefined;
  const wait = useCountdown(problem);
  const locked = problem?.code === 'pin_locked' && wait > 0;
  const triesLeft = problem?.code === 'pin_wrong' ? Number(problem.more.triesLeft) : Number.NaN;
  const wrong = triesLeft >= 0 ? t('pinWrong', { count: triesLeft }) : undefined;
  const said = locked ? waitWords(t, wait, 'pinLocked', 'pinLockedMinutes') : wrong;

  if (forgotten) return <ForgotPin profile={profile} onClose={() => setForgotten(false)} onDone={onDone} />;
  return (
    <Dialog title={t('pinOf', { name: profile.name })} onClose={onClose}>
      <PinEntry
        value={pin}
        onChange={(typed) => {
          setPin(typed);
          if (typed.length === 4) open.mutate(typed);
        }}
        disabled={open.isPending || wait > 0}
        wrong={open.failureCount > 0 && pin === '' ? open.submittedAt : undefined}
        note={said ?? (problem && problem.status !== 429 ? failureWords(words, open.error) : undefined)}
      />
      <Actions>
        <Button tone="bare" onClick={() => setForgotten(true)}>
          {t('forgotPin')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}
