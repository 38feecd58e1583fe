/** The playback engine interface: hls.js where Media Source exists, native HLS elsewhere. */
export interface Level {
  /** position in the engine's list, lowest bitrate first */ index: number;
  /** picture height in pixels, 0 when unknown */ height: number;
  /** bits per second */ bitrate: number;
}

export interface AudioTrack {
  index: number;
  name: string;
  language: string;
  /** a commentary or a description of the picture: only a viewer chooses it */ aside?: boolean;
}

export interface Levels {
  all: Level[];
  /** the level on the screen, -1 before the first picture */ current: number;
  /** the level the viewer chose, -1 for automatic */ chosen: number;
}

export interface Audio {
  all: AudioTrack[];
  current: number;
}

export type Track = 'audio' | 'video';

export interface EngineFault {
  /** stable, shown to the viewer: E-NET-…, E-MEDIA-… */ code: string;
  kind: 'network' | 'media';
  /** HTTP status, when there was a response */ status?: number;
  /** what of the stream could not be decoded, when it is known */ track?: Track;
}

export interface EngineStats {
  codecs: string;
  /** bits per second of the connection; 0 before anything was measured */ bandwidth: number;
  /** the same for decisions: measured here, also while a download runs, and undefined before */ throughput?: number;
}

/** One of the two streams of a film, and where it begins. */
export interface Source {
  url: string;
  startMs: number;
  /** the Original stream: its faults are told soon, because the ladder plays instead */ original: boolean;
  /** of the rung to go to, when the viewer chose one */ height?: number;
  /** bits per second that the connection carries, when it does not carry more */ carriedBps?: number;
}

/**
 * How a stream gives way to another one. now: as soon as the other is loaded, in place of what is loaded of the first; soon: after what is
 * loaded of the first; anew: the video element begins again.
 */
export type Handover = 'now' | 'soon' | 'anew';

/** The automatic choice stays between these levels (inclusive). */
export interface AutoRange {
  min: number;
  max: number;
}

export interface EngineListener {
  onLevels(levels: Levels): void;
  onAudio(audio: Audio): void;
  onFault(fault: EngineFault): void;
  /** Another stream begins. `emptied`: the video element was, so that it is paused, and at its start until there is data. */
  onReplaced(emptied: boolean): void;
}

export interface Engine {
  readonly name: 'hls.js' | 'native';
  /** Starts to play. Recoverable media errors are handled inside, fatal ones reach `onFault` once. */
  load(source: Source): void;
  /** Plays another stream of the film from the present position on. */
  replace(source: Source, handover: Handover): void;
  /** Uses the token of this newer manifest URL from now on. */
  renew(url: string): void;
  /** -1 lets the engine choose. Takes effect with the next segment. */
  setLevel(index: number): void;
  setAutoRange(range: AutoRange): void;
  setAudio(index: number): void;
  stats(): EngineStats;
  /** Resumes loading at the current position after a fault. */
  resume(): void;
  destroy(): void;
}
