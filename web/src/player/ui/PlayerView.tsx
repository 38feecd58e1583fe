import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { server } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { PlaySession } from '../../api/types';
import { usePlayerT } from '../../i18n/namespaces';
import { names } from '../../ui/class-names';
import { audioPreference } from '../core/audio-preference';
import { heartbeat } from '../core/heartbeat';
import { makeEngine } from '../core/make-engine';
import { mediaSession } from '../core/media-session';
import { Player } from '../core/player';
import { storedQuality } from '../core/quality';
import { refreshRefusedToken } from '../core/token-refresh';
import { BufferingIndicator } from './BufferingIndicator';
import { Controls } from './Controls';
import { EndCard } from './EndCard';
import { FaultPanel } from './FaultPanel';
import { HelpPanel } from './HelpPanel';
import s from './PlayerView.module.css';
import type { Panel } from './panel';
import { SettingsPanel } from './SettingsPanel';
import { StatsPanel } from './StatsPanel';
import { useCommands } from './use-commands';
import { useControlsVisibility } from './use-controls-visibility';
import { useGestures } from './use-gestures';

interface Props {
  session: PlaySession;
  onClose: () => void;
  onNext: (titleId: string) => void;
  /** continues with the next part of the film */ onPart: (fileId: string) => void;
  /** the server ended this session; `atMs` is its position */ onRefused: (error: unknown, atMs: number) => void;
}

/** The current profile; changes of its settings apply from the next playback on. */
const currentProfile = () => queryClient.getQueryData(queries.bootstrap.queryKey)?.profile ?? undefined;
const autoplayNext = () => currentProfile()?.autoplayNext ?? true;

/** Full-window player of one session. The video element exists from the first render, because Player needs it. */
export function PlayerView({ session, onClose, onNext, onPart, onRefused }: Props) {
  const refuse = useRef(onRefused);
  refuse.current = onRefused;
  const video = useRef<HTMLVideoElement>(null);
  const [player, setPlayer] = useState<Player>();

  useEffect(() => {
    if (!video.current) return;
    const made = new Player(video.current, session, audioPreference(currentProfile(), session.title), storedQuality());
    setPlayer(made);
    made.open(session, makeEngine).catch(() => made.dispatch({ type: 'fault', fault: { kind: 'network', code: 'E-NET-engine' } }));
    const retry = () => made.snapshot().fault?.kind === 'network' && made.retry();
    window.addEventListener('online', retry);
    const refresh = async () => {
      const now = await server.session(session.id);
      made.renew(now);
      made.setRenditions(now.renditions);
      return now.tokenExpiresMs;
    };
    const endings = [
      () => window.removeEventListener('online', retry),
      refreshRefusedToken(made, refresh, (error) => refuse.current(error, made.snapshot().positionMs)),
      mediaSession(made, session.title),
      heartbeat(
        made,
        {
          progress: (positionMs, state, because) => server.progress(session.id, positionMs, state, because),
          refresh,
          stop: (positionMs) => server.stop(session.id, positionMs),
        },
        session.tokenExpiresMs,
      ),
    ];
    return () => {
      for (const end of endings) end();
      made.destroy();
    };
  }, [session]);

  return (
    <main className={s.player}>
      <video ref={video} className={s.video} playsInline />
      {player && (
        <PlayerOverlay player={player} session={session} onClose={onClose} onNext={onNext} onPart={onPart} onRefused={onRefused} />
      )}
    </main>
  );
}

function PlayerOverlay({ player, session, onClose, onNext, onPart }: Props & { player: Player }) {
  const t = usePlayerT();
  const root = useRef<HTMLDivElement>(null);
  const view = useSyncExternalStore(player.subscribe, player.snapshot);
  const [panel, setPanel] = useState<Panel>();
  const resting = view.phase === 'paused' || view.phase === 'ended' || view.phase === 'error' || view.phase === 'loading';
  const visibility = useControlsVisibility(resting || panel !== undefined || view.pendingMs !== undefined);
  const next = session.next;

  const closePanel = useCallback(() => setPanel(undefined), []);
  const { run, note } = useCommands({
    player,
    root,
    panel,
    setPanel,
    visibility,
    onClose,
    onNext: next ? () => onNext(next.id) : undefined,
  });
  const gestures = useGestures({ player, run, visibility, onClose });

  const level = view.levels.all[view.levels.current];
  return (
    <div
      ref={root}
      className={names(s.overlay, !visibility.shown && s.quiet)}
      data-testid="player"
      data-state={view.phase}
      data-level={level?.height ?? ''}
      data-way={view.way.kind}
      data-time={(view.positionMs / 1000).toFixed(1)}
      data-controls={visibility.shown ? 'shown' : 'hidden'}
      data-nav="col"
      onPointerMove={(event) => event.pointerType === 'mouse' && visibility.show()}
    >
      <h1 className={s.unseen}>{session.title.name}</h1>
      <div className={s.picture} {...gestures} />
      <BufferingIndicator view={view} />
      <div className={s.note} aria-live="polite">
        {note && <span key={note.id}>{note.text}</span>}
      </div>
      {view.phase === 'error' && view.fault ? (
        <FaultPanel fault={view.fault} onRetry={() => player.retry()} onClose={onClose} />
      ) : view.phase === 'ended' ? (
        session.nextFileId ? (
          <NextPart fileId={session.nextFileId} onPart={onPart} />
        ) : (
          <EndCard next={next} autoplay={autoplayNext()} onNext={onNext} onReplay={() => player.seek(0)} onClose={onClose} />
        )
      ) : (
        <Controls player={player} view={view} session={session} run={run} panel={panel} hidden={!visibility.shown} onClose={onClose} />
      )}
      {panel === 'settings' && <SettingsPanel player={player} view={view} onClose={closePanel} />}
      {panel === 'stats' && <StatsPanel player={player} view={view} session={session} onClose={closePanel} />}
      {panel === 'help' && <HelpPanel onClose={closePanel} />}
      <p className={s.unseen} aria-live="polite">
        {view.phase === 'buffering' ? t('buffering') : ''}
      </p>
    </div>
  );
}

/** Continues with the next part of the film. */
function NextPart({ fileId, onPart }: { fileId: string; onPart: (fileId: string) => void }) {
  const goOn = useRef(onPart);
  goOn.current = onPart;
  useEffect(() => goOn.current(fileId), [fileId]);
  return null;
}
