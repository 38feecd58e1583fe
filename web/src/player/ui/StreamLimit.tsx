import { useMutation } from '@tanstack/react-query';
import { CirclePlay, Square } from 'lucide-react';
import { ownAccount } from '../../api/account';
import type { Problem } from '../../api/problem';
import type { StreamEntry } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { agentName } from '../../lib/agent';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { moment } from '../../ui/date-format';
import { Line } from '../../ui/Panel';
import { failureWords } from '../../ui/words';

interface Props {
  /** a stream_limit problem with the active streams */ problem: Problem;
  onRetry: () => void;
  onClose: () => void;
}

/** The stream limit is reached: lists the active streams and offers to stop one of the account. */
export function StreamLimit({ problem, onRetry, onClose }: Props) {
  const words = useViewerWords();
  const { t, language } = words;
  const streams = (problem.more.streams ?? []) as StreamEntry[];
  const limit = Number(problem.more.limit ?? streams.length);
  const stop = useMutation({ mutationFn: ownAccount.stopStream, onSuccess: onRetry });
  return (
    <Dialog title={t('placesInUse', { count: streams.length, limit })} wide onClose={onClose}>
      {stop.error ? <Notice>{failureWords(words, stop.error)}</Notice> : null}
      <p>{t('placesText')}</p>
      <div data-nav="col">
        {streams.map((stream) => (
          <Line
            key={stream.id}
            icon={<CirclePlay />}
            title={stream.title ?? t('anotherTitle')}
            facts={[stream.profile, agentName(stream.device), t('playingSince', { when: moment(language, stream.sinceMs) })].join(' · ')}
          >
            {stream.own && (
              <Button
                small
                icon={<Square />}
                busy={stop.isPending && stop.variables === stream.id}
                aria-label={t('stopOn', { device: agentName(stream.device) })}
                onClick={() => stop.mutate(stream.id)}
              >
                {t('stopIt')}
              </Button>
            )}
          </Line>
        ))}
      </div>
      <Actions>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button tone="primary" onClick={onRetry} data-nav-default="">
          {t('retry')}
        </Button>
      </Actions>
    </Dialog>
  );
}
