import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CirclePlay, Square } from 'lucide-react';
import { useState } from 'react';
import { playbackQuery, playbacks } from '../api/playbacks';
import { queryClient } from '../api/queries';
import type { Playback } from '../api/types';
import { type AdminT, useAdminWords } from '../i18n/namespaces';
import { agentName } from '../lib/agent';
import { Notice } from '../ui/AuthLayout';
import { Button } from '../ui/Button';
import { Actions, Dialog } from '../ui/Dialog';
import { moment } from '../ui/date-format';
import { Line, Note, Panel } from '../ui/Panel';
import { useWayWords } from '../ui/way-words';
import { failureWords } from '../ui/words';
import s from './PlayingPanel.module.css';

/** All running playbacks of the server: who, what, where, and which stream, why. */
export function PlayingPanel() {
  const { t } = useAdminWords();
  const { data } = useQuery(playbackQuery);
  const [stopping, setStopping] = useState<Playback>();
  if (!data) return null;
  return (
    <Panel title={t('playingNow', { count: data.items.length })}>
      {data.items.length === 0 && <Note>{t('playingNone')}</Note>}
      {data.items.map((playback) => (
        <PlaybackLine key={playback.id} playback={playback} onStop={() => setStopping(playback)} />
      ))}
      {stopping && <Stop playback={stopping} onClose={() => setStopping(undefined)} />}
    </Panel>
  );
}

/** "Anna · Kids"; one name when the profile is called like its account. */
function who({ account, profile }: Playback): string {
  return [account, profile === account ? '' : profile].filter(Boolean).join(' · ');
}

/** "Original · 1080p", "Converted · 720p". */
function stream(t: AdminT, { way, height, encoding }: Playback): string {
  const parts = [t(way.kind === 'original' ? 'playingOriginal' : 'playingConverted'), height ? `${height}p` : ''];
  return [...parts, encoding ? t('playingEncoding') : ''].filter(Boolean).join(' · ');
}

function PlaybackLine({ playback, onStop }: { playback: Playback; onStop: () => void }) {
  const { t, language } = useAdminWords();
  const ways = useWayWords();
  const { titleId, title, device, sinceMs, way } = playback;
  const name = title ?? t('someTitle');
  return (
    <div data-testid="playback">
      <Line
        icon={<CirclePlay />}
        title={
          titleId ? (
            <Link to="/title/$id" params={{ id: titleId }} className={s.link}>
              {name}
            </Link>
          ) : (
            name
          )
        }
        facts={
          <>
            <span className={s.line}>
              {[who(playback), agentName(device), t('since', { when: moment(language, sinceMs) })].join(' · ')}
            </span>
            <span className={s.line}>{stream(t, playback)}</span>
            <span className={s.line}>{ways?.why(way, true)}</span>
          </>
        }
      >
        <Button small icon={<Square />} aria-label={t('playingStopOf', { title: name, who: who(playback) })} onClick={onStop}>
          {t('stop')}
        </Button>
      </Line>
    </div>
  );
}

function Stop({ playback, onClose }: { playback: Playback; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const stop = useMutation({
    mutationFn: () => playbacks.stop(playback.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: playbackQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t('playingStopAsk')} onClose={onClose}>
      {stop.error ? <Notice>{failureWords(words, stop.error)}</Notice> : null}
      <p>{t('playingStopText', { title: playback.title ?? t('someTitle'), who: who(playback) })}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={stop.isPending} onClick={() => stop.mutate()}>
          {t('stop')}
        </Button>
      </Actions>
    </Dialog>
  );
}
