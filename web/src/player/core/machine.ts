/** The states of one playback, as a pure function: what the video, the engine and the viewer say, and what is shown. */
export type Phase = 'loading' | 'playing' | 'paused' | 'buffering' | 'ended' | 'error';

export interface PlayerFault {
  /** stable code shown to the viewer and found in the log */ code: string;
  kind: 'network' | 'media' | 'refused';
  /** the server's words, when it refused */ detail?: string;
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

  const { wantsPlay, phase } = machine;
  switch (event.type) {
    case 'play':
      // Wanting to play shows at once; the picture follows when there is data.
      return { phase: phase === 'paused' || phase === 'ended' ? 'playing' : phase, wantsPlay: true };
    case 'pause':
      return { phase: phase === 'loading' || phase === 'ended' ? phase : 'paused', wantsPlay: false };
    case 'playing':
      return { phase: 'playing', wantsPlay: true };
    case 'waiting':
      return phase === 'loading' || phase === 'ended' ? machine : { phase: 'buffering', wantsPlay };
    case 'seeking':
      if (phase === 'loading') return machine;
      if (event.buffered) return { phase: wantsPlay ? 'playing' : 'paused', wantsPlay };
      return { phase: 'buffering', wantsPlay };
    case 'canplay':
      return { phase: wantsPlay ? 'playing' : 'paused', wantsPlay };
    case 'ended':
      return { phase: 'ended', wantsPlay: false };
    default:
      return machine;
  }
}
