/** The states of one playback, as a pure function: what the video, the engine and the viewer say, and what is shown. */
export type Phase = 'loading' | 'playing' | 'paused' | 'buffering' | 'ended' | 'error';

export interface PlayerFault {
  /** stable code shown to the viewer and found in the log */ code: string;
  kind: 'network' | 'media' | 'refused';
  /** the server's words, when it refused */ detail?: string;
  /** of the server's answer to a media request */ status?: number;
}

export interface Machine {
  phase: Phase;
  /** what the viewer wants once there is something to play */ wantsPlay: boolean;
  fault?: PlayerFault;
}

export type Event =
  | { type: 'play' | 'pause' | 'playing' | 'waiting' | 'canplay' | 'ended' | 'retry' }
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
    case 'play':
      // Wanting to play shows at once; the picture follows when there is data.
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
