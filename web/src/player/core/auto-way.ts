/** Which of a file's two streams plays: its own picture untouched, or the encoded rungs. */
export type WayKind = 'original' | 'ladder';

/** One look at a running playback, taken every second. */
export interface WaySample {
  on: WayKind;
  /** monotonic, in milliseconds */ nowMs: number;
  /** the viewer wants it to play, and the page is seen */ playing: boolean;
  /** position in seconds */ positionS: number;
  /** seconds of film that are loaded from the position on */ bufferedS: number;
  /** seconds of film from the position to the end */ restS: number;
  /** bits per second that arrive; undefined before anything was measured */ throughput: number | undefined;
  /** bits per second of the Original stream */ averageBps: number;
  /** bits per second of its most demanding segments; 0 = unknown */ peakBps: number;
  /** the way may lead back to Original when the connection allows */ mayReturn: boolean;
}

/** What is remembered between two looks. */
export interface WayMemory {
  /** the last looks, the oldest first: at most `trend` of them */ buffers: number[];
  /** since when the connection has been good enough for Original */ goodSinceMs?: number;
  /** when Original was left */ leftMs?: number;
  /** how long it stays left at least; doubles each time */ pauseMs: number;
  /** since when nothing moves although there is data */ stuckSinceMs?: number;
  positionS: number;
}

/** slow: the connection does not carry Original; stuck: there is data that is not shown; back: it carries Original again. */
export type WayMove = 'slow' | 'stuck' | 'back';

export const wayStart: WayMemory = { buffers: [], pauseMs: 60_000, positionS: -1 };

/** Looks that a shrinking buffer is told from. */
const trend = 4;
/** Seconds of buffer below which Original is left when the connection carries clearly less than it needs, or less than it needs. */
const low = 10;
const veryLow = 4;
/** How much more than Original's average must arrive before it comes back, for how long, and with how much in the buffer. */
const margin = 1.5;
const patienceMs = 30_000;
const full = 15;
/** Seconds of film that make it worthwhile to come back, and how long data may lie there without being shown. */
const worthwhile = 20;
const stuckMs = 8_000;
/** The longest pause before Original is tried again. */
const longestPauseMs = 30 * 60_000;

/**
 * Decides whether the automatic choice moves to the other stream. Original is left before a stall: while its buffer shrinks below
 * ten seconds and the measured throughput times 1.2 is less than its peak. It comes back when half as much again as its average has arrived for thirty seconds and
 * the buffer is full, not within a minute after it was left, and twice as long each time.
 */
export function autoWay(memory: WayMemory, sample: WaySample): { memory: WayMemory; move?: WayMove } {
  const looked: WayMemory = {
    ...memory,
    buffers: sample.playing ? [...memory.buffers, sample.bufferedS].slice(-trend) : [],
    positionS: sample.positionS,
    stuckSinceMs: isStuck(memory, sample) ? (memory.stuckSinceMs ?? sample.nowMs) : undefined,
    goodSinceMs: isGood(sample) ? (memory.goodSinceMs ?? sample.nowMs) : undefined,
  };
  if (sample.on === 'ladder') {
    if (!returns(looked, sample)) return { memory: looked };
    return { memory: { ...looked, buffers: [], goodSinceMs: undefined, stuckSinceMs: undefined }, move: 'back' };
  }
  if (looked.stuckSinceMs !== undefined && sample.nowMs - looked.stuckSinceMs >= stuckMs) return { memory: looked, move: 'stuck' };
  return isTooSlow(looked, sample) ? { memory: left(looked, sample.nowMs), move: 'slow' } : { memory: looked };
}

function isTooSlow({ buffers }: WayMemory, { playing, bufferedS, restS, throughput, averageBps, peakBps }: WaySample): boolean {
  if (!playing || throughput === undefined || bufferedS >= Math.min(low, restS - 0.5)) return false;
  const [before = 0] = buffers;
  const shrinks = buffers.length > 1 && (bufferedS < before - 0.2 || bufferedS < 0.5);
  if (!shrinks) return false;
  return throughput * 1.2 < (peakBps || averageBps) || (bufferedS < veryLow && throughput < averageBps);
}

/** Doubles the pause when Original had come back in between. */
function left(memory: WayMemory, nowMs: number): WayMemory {
  const again = memory.leftMs !== undefined;
  const pauseMs = again ? Math.min(longestPauseMs, memory.pauseMs * 2) : memory.pauseMs;
  return { ...memory, leftMs: nowMs, pauseMs, buffers: [], goodSinceMs: undefined };
}

function isGood({ on, playing, bufferedS, restS, throughput = 0, averageBps }: WaySample): boolean {
  return on === 'ladder' && playing && throughput >= averageBps * margin && bufferedS >= Math.min(full, restS - 0.5);
}

function returns({ goodSinceMs, leftMs, pauseMs }: WayMemory, { nowMs, restS, mayReturn }: WaySample): boolean {
  if (!mayReturn || goodSinceMs === undefined || restS < worthwhile) return false;
  if (nowMs - goodSinceMs < patienceMs) return false;
  return leftMs === undefined || nowMs - leftMs >= pauseMs;
}

function isStuck({ positionS: before }: WayMemory, { on, playing, positionS, bufferedS }: WaySample): boolean {
  return on === 'original' && playing && bufferedS >= 2 && positionS === before;
}
