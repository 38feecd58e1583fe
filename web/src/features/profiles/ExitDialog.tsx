import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { profileQueries, profiles, switchProfile } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { useCountdown } from '../../ui/use-countdown';
import { failureWords } from '../../ui/words';
import { DigitPad } from './DigitPad';
import s from './ExitDialog.module.css';

/** Maximum digits of the exit challenge's answer. */
const longest = 5;

/** Exit challenge of a kids profile: a multiplication. Each answer, right or wrong, consumes the challenge. */
export function ExitDialog({ profile, onClose, onDone }: { profile: Profile; onClose: () => void; onDone: () => void }) {
  const words = useViewerWords();
  const { t } = words;
  const [answer, setAnswer] = useState('');
  const question = useQuery(profileQueries.question);
  const leave = useMutation({
    mutationFn: () => profiles.choose(profile.id, { exit: answer }),
    onSuccess: async (bootstrap) => {
      await switchProfile(bootstrap);
      onDone();
    },
    onError: () => {
      setAnswer('');
      void question.refetch();
    },
  });
  const error = leave.error ?? question.error;
  const problem = error ? asProblem(error) : undefined;
  const wait = useCountdown(problem);
  const said = problem?.code === 'exit_locked' && wait > 0 ? t('exitLocked', { count: wait }) : error && failureWords(words, error);
  return (
    <Dialog title={t('forGrownUps')} onClose={onClose}>
      <p>{t('exitText')}</p>
      <p className={s.question} data-testid="question">
        <span>{question.data?.question ?? '…'} =</span>
        <output className={s.answer} aria-live="polite">
          {answer}
        </output>
      </p>
      <p className={s.note} role="alert">
        {said}
      </p>
      <DigitPad
        disabled={leave.isPending || wait > 0}
        onDigit={(digit) => answer.length < longest && setAnswer(answer + digit)}
        onErase={() => setAnswer(answer.slice(0, -1))}
      >
        <Button
          tone="brand"
          icon={<ArrowRight />}
          aria-label={t('continue')}
          busy={leave.isPending}
          disabled={answer === '' || wait > 0}
          style={{ padding: 0 }}
          onClick={() => leave.mutate()}
        />
      </DigitPad>
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}
