/** The playback state machine as a pure function of events from the video, the engine and the viewer. */
export type Phase = 'loading' | 'playing' | 'paused' | 'buffering' | 'ended' | 'error';

export interface PlayerFault {
  /** stable code shown to the viewer and found in the log */ code: string;
  kind: 'network' | 'media' | 'refused';
  /** the server's message, if any */ detail?: string;
  /** HTTP status of the failed media request */ status?: number;
}

export interface Machine {
  phase: Phase;
  /** play as soon as data is available */ wantsPlay: boolean;
  fault?: PlayerFault;
}

export type Event =
  | { type: 'play' | 'pause' | 'playing' | 'waiting' | 'canplay' | 'ended' | 'retry' | 'emptied' }
  | { type: 'seeking'; buffered: boolean }
  | { type: 'fault'; fault: PlayerFault };

export const start: Machine = { phase: 'loading', wantsPlay: true };

export function step(machine: Machine, event: Event): Machine {
  if (event.type === 'fault') return { ...machine, phase: 'error', fault: event.fault };
  if (machine.phase === 'error') return event.type === 'retry' ? { phase: 'buffering', wantsPlay: true } : machine;
  return { phase: nextPhase(machine, event), wantsPlay: wish(machine, event) };
}

function wish({ wantsPlay }: Machine, { type }: Event): boolean {
  if (type === 'play' || type === 'playing') return true;
  return type === 'pause' || type === 'ended' ? false : wantsPlay;
}

function nextPhase({ phase, wantsPlay }: Machine, event: Event): Phase {
  const settled: Phase = wantsPlay ? 'playing' : 'paused';
  switch (event.type) {
    case 'playing':
    case 'ended':
      return event.type;
    case 'canplay':
      return settled;
    case 'emptied':
      return 'loading';
    case 'play':
      // The intent to play shows at once; playback follows when there is data.
      return phase === 'paused' || phase === 'ended' ? 'playing' : phase;
    case 'pause':
      return phase === 'loading' || phase === 'ended' ? phase : 'paused';
    case 'waiting':
      return phase === 'loading' || phase === 'ended' ? phase : 'buffering';
    case 'seeking':
      if (phase === 'loading') return phase;
      return event.buffered ? settled : 'buffering';
    default:
      return phase;
  }
}
