import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CirclePlay, LogOut, Monitor, Square, Tv } from 'lucide-react';
import { useState } from 'react';
import { accountQueries, ownAccount } from '../../api/account';
import { queryClient } from '../../api/queries';
import type { SignInEntry, StreamEntry } from '../../api/types';
import { useAccountWords } from '../../i18n/namespaces';
import { agentName } from '../../lib/agent';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { moment } from '../../ui/date-format';
import { Line, Note, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import { AccountSections } from './AccountSections';
import s from './account.module.css';

const icons = { browser: <Monitor />, tv: <Tv /> };

const refreshSignIns = () => queryClient.invalidateQueries({ queryKey: accountQueries.signIns.queryKey });

/** Sign-ins and current streams of the account. */
export function DevicesPage() {
  const { t } = useAccountWords();
  const { data, error, refetch } = useQuery(accountQueries.signIns);
  if (!data) {
    return (
      <AccountSections title={t('devices')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AccountSections>
    );
  }
  return (
    <AccountSections title={t('devices')}>
      <Streams />
      <SignIns items={data.items} />
    </AccountSections>
  );
}

function SignIns({ items }: { items: SignInEntry[] }) {
  const { t } = useAccountWords();
  const [asking, setAsking] = useState(false);
  const sorted = items.slice().sort((a, b) => Number(b.current) - Number(a.current) || b.seenMs - a.seenMs);
  return (
    <Panel title={t('signedInOn')}>
      {sorted.map((item) => (
        <SignInLine key={item.id} item={item} />
      ))}
      <div className={s.all}>
        <Button tone="danger" icon={<LogOut />} onClick={() => setAsking(true)}>
          {t('signOutEverywhere')}
        </Button>
      </div>
      {asking && <Everywhere onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function SignInLine({ item }: { item: SignInEntry }) {
  const { t, language } = useAccountWords();
  const device = agentName(item.device);
  const end = useMutation({ mutationFn: () => ownAccount.endSignIn(item.id), onSettled: refreshSignIns });
  const title = (
    <>
      {device}
      {item.current && <span className={s.here}>{t('thisDevice')}</span>}
    </>
  );
  return (
    <Line icon={icons[item.kind]} title={title} facts={[item.address, t('lastUsed', { when: moment(language, item.seenMs) })].join(' · ')}>
      {!item.current && (
        <Button small icon={<LogOut />} busy={end.isPending} aria-label={t('signOutOf', { device })} onClick={() => end.mutate()}>
          {t('signOut')}
        </Button>
      )}
    </Line>
  );
}

function Everywhere({ onClose }: { onClose: () => void }) {
  const words = useAccountWords();
  const { t } = words;
  const navigate = useNavigate();
  const end = useMutation({
    mutationFn: ownAccount.endSignIns,
    onSuccess: async (_, keepThis) => {
      if (keepThis) {
        await refreshSignIns();
        onClose();
      } else {
        queryClient.clear();
        await navigate({ to: '/login' });
      }
    },
  });
  return (
    <Dialog title={t('signOutEverywhere')} onClose={onClose}>
      {end.error ? <Notice>{failureWords(words, end.error)}</Notice> : null}
      <p>{t('signOutEverywhereText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={end.isPending && end.variables === false} onClick={() => end.mutate(false)}>
          {t('signOutHereToo')}
        </Button>
        <Button tone="danger" busy={end.isPending && end.variables === true} onClick={() => end.mutate(true)}>
          {t('signOutOthers')}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** Current streams. A failed request leaves the rest of the page as it is. */
function Streams() {
  const { t } = useAccountWords();
  const { data } = useQuery(accountQueries.streams);
  if (!data) return null;
  return (
    <Panel title={t('playingNowOf', { count: data.items.length, limit: data.limit })}>
      {data.items.length === 0 && <Note>{t('playingNothing')}</Note>}
      {data.items.map((stream) => (
        <StreamLine key={stream.id} stream={stream} />
      ))}
    </Panel>
  );
}

function StreamLine({ stream }: { stream: StreamEntry }) {
  const { t, language } = useAccountWords();
  const stop = useMutation({
    mutationFn: () => ownAccount.stopStream(stream.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: accountQueries.streams.queryKey }),
  });
  const facts = [stream.profile, agentName(stream.device), t('since', { when: moment(language, stream.sinceMs) })].join(' · ');
  return (
    <Line icon={<CirclePlay />} title={stream.title ?? t('someTitle')} facts={facts}>
      {stream.own && (
        <Button small icon={<Square />} busy={stop.isPending} onClick={() => stop.mutate()}>
          {t('stop')}
        </Button>
      )}
    </Line>
  );
}
