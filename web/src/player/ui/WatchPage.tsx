import { getRouteApi, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { server } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { PlaySession } from '../../api/types';
import { loadNamespace } from '../../i18n';
import { usePlayerT, viewerNamespace } from '../../i18n/namespaces';
import { Spinner } from '../../ui/Spinner';
import { capabilities } from '../core/capabilities';
import { qualityWish, storedQuality } from '../core/quality';
import { FaultPanel } from './FaultPanel';
import { PlayerView } from './PlayerView';
import s from './PlayerView.module.css';

const route = getRouteApi('/watch/$id');

const StreamLimit = lazy(async () => {
  const [{ StreamLimit: component }] = await Promise.all([import('./StreamLimit'), loadNamespace(viewerNamespace)]);
  return { default: component };
});

/** Starts a session and renders the player; shows the error if it is refused. */
export function WatchPage() {
  const t = usePlayerT();
  const router = useRouter();
  const { id } = route.useParams();
  const { start, file } = route.useSearch();
  const [attempt, setAttempt] = useState<{ atMs?: number; fileId?: string }>({});
  const [session, setSession] = useState<PlaySession>();
  const [error, setError] = useState<unknown>();
  /** position of the ended session */
  const [at, setAt] = useState<{ atMs: number; fileId?: string }>();

  useEffect(() => {
    let left = false;
    setSession(undefined);
    setError(undefined);
    const quality = qualityWish(storedQuality());
    server.play({ titleId: id, startMs: attempt.atMs ?? start, fileId: attempt.fileId ?? file, device: capabilities(), quality }).then(
      (made) => (left ? server.stop(made.id, made.startMs) : setSession(made)),
      (reason: unknown) => left || setError(reason),
    );
    return () => {
      left = true;
      void queryClient.invalidateQueries({ queryKey: ['home'] });
      void queryClient.invalidateQueries({ queryKey: ['title'] });
    };
  }, [id, start, file, attempt]);

  useEffect(() => {
    document.title = session ? `${session.title.name} · Movify` : 'Movify';
  }, [session]);

  const close = () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: '/title/$id', params: { id }, replace: true });
  };
  const playNext = (next: string) => void router.navigate({ to: '/watch/$id', params: { id: next }, replace: true });

  const refuse = (reason: unknown, atMs: number) => {
    const place = { atMs: Math.round(atMs), fileId: session?.fileId };
    setAt(place);
    setSession(undefined);
    if (reason === undefined) setAttempt(place);
    else setError(reason);
  };
  const again = () => setAttempt(at ?? {});
  const playPart = (fileId: string) => setAttempt({ atMs: 0, fileId });

  if (session)
    return <PlayerView key={session.id} session={session} onClose={close} onNext={playNext} onPart={playPart} onRefused={refuse} />;
  const problem = error ? asProblem(error) : undefined;
  return (
    <main className={s.player} data-state={problem ? 'error' : 'loading'} data-testid="player">
      <h1 className={s.unseen}>{t('player')}</h1>
      {problem?.code === 'stream_limit' ? (
        <Suspense fallback={null}>
          <StreamLimit problem={problem} onRetry={again} onClose={close} />
        </Suspense>
      ) : problem ? (
        <FaultPanel
          fault={{ code: problem.code, kind: problem.code === 'offline' ? 'network' : 'refused', detail: problem.message }}
          onRetry={again}
          onClose={close}
        />
      ) : (
        <div className={s.waiting}>
          <Spinner large />
        </div>
      )}
    </main>
  );
}
