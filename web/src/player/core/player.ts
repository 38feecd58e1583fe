import type { PlaySession, RenditionState } from '../../api/types';
import { type AudioPreferenceStore, sameTrack } from './audio-preference';
import type { Audio, AudioTrack, Engine, EngineFault, Levels } from './engine';
import { type Event, type Machine, start, step } from './machine';
import { autoRange } from './options';
import type { Quality } from './quality';
import { WayControl, type WayView } from './way-control';

/** Everything the controls show, replaced as a whole whenever something changes. */
export interface View extends Machine, WayView {
  positionMs: number;
  /** target of a pending seek; the video is still at positionMs */ pendingMs?: number;
  durationMs: number;
  /** end of the buffer around the position */ bufferedMs: number;
  volume: number;
  muted: boolean;
  rate: number;
  levels: Levels;
  audio: Audio;
  renditions: RenditionState[];
}

export type MakeEngine = (video: HTMLVideoElement, player: Player) => Promise<Engine | undefined>;

/** One playback: joins the video element, the engine and the state machine. Independent of React and of the network. */
export class Player {
  private view: View;
  private readonly watchers = new Set<() => void>();
  private readonly detach: (() => void)[] = [];
  private engine: Engine | undefined;
  private destroyed = false;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private first = -1;
  private voiced = false;
  /** the track of the stream that played before */ private heard: AudioTrack | undefined;
  private readonly ways: WayControl;

  constructor(
    readonly video: HTMLVideoElement,
    session: PlaySession,
    private readonly voices?: AudioPreferenceStore,
    quality?: Quality,
  ) {
    this.ways = new WayControl(
      {
        engine: () => this.engine,
        look: () => this.look(),
        show: (ways) => this.set(ways),
      },
      session,
      quality,
    );
    this.view = {
      ...this.ways.snapshot(),
      ...start,
      positionMs: session.startMs,
      durationMs: session.durationMs,
      bufferedMs: 0,
      volume: video.volume,
      muted: video.muted,
      rate: 1,
      levels: { all: [], current: -1, chosen: -1 },
      audio: { all: [], current: -1 },
      renditions: session.renditions,
    };
    this.listen();
  }

  async open(session: PlaySession, make: MakeEngine): Promise<void> {
    const engine = await make(this.video, this);
    if (this.destroyed) return engine?.destroy();
    if (!engine) return this.dispatch({ type: 'fault', fault: { code: 'E-MEDIA-unsupported', kind: 'media' } });
    this.engine = engine;
    engine.load(this.ways.first(session.startMs));
  }

  get engineName(): string {
    return this.engine?.name ?? '';
  }

  engineStats() {
    return this.engine?.stats() ?? { codecs: '', bandwidth: 0 };
  }

  snapshot = (): View => this.view;

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  dispatch(event: Event): void {
    this.set(step(this.view, event));
  }

  /** A fatal fault of the engine: shown, unless the other stream of the film can play instead. */
  fault(fault: EngineFault): void {
    if (!this.ways.fault(fault)) this.dispatch({ type: 'fault', fault });
  }

  play(): void {
    this.dispatch({ type: 'play' });
    this.video.play().catch((error: unknown) => {
      // Browsers refuse sound before a gesture: then the picture starts muted and the viewer turns the sound on.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      if (this.video.muted) return this.dispatch({ type: 'pause' });
      this.video.muted = true;
      this.play();
    });
  }

  pause(): void {
    this.video.pause();
    this.dispatch({ type: 'pause' });
  }

  toggle(): void {
    if (this.view.wantsPlay && this.view.phase !== 'ended') this.pause();
    else this.play();
  }

  seek(ms: number): void {
    const last = Math.max(0, this.view.durationMs - 500);
    const target = Math.min(last, Math.max(0, ms));
    this.video.currentTime = target / 1000;
    this.set({ positionMs: target });
    if (this.view.phase === 'ended') this.play();
  }

  /**
   * Moves the pending position without seeking yet: presses in quick succession become one seek, because every seek may
   * start an encode at its target.
   */
  nudge(ms: number, settleMs = 350): void {
    const { pendingMs, positionMs, durationMs } = this.view;
    this.set({ pendingMs: Math.min(durationMs, Math.max(0, (pendingMs ?? positionMs) + ms)) });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.commit(), settleMs);
  }

  /** Seeks to the pending position. */
  commit(): void {
    clearTimeout(this.settling);
    const { pendingMs } = this.view;
    if (pendingMs === undefined) return;
    this.set({ pendingMs: undefined });
    this.seek(pendingMs);
  }

  setVolume(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
  }

  toggleMute(): void {
    this.video.muted = !this.video.muted;
  }

  setRate(rate: number): void {
    // The default rate is what a video element has after it was emptied for another stream.
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
  }

  setQuality(quality: Quality): void {
    this.ways.choose(quality);
    this.applyRung();
  }

  /** Selects an audio track and stores it as the preference. */
  setAudio(index: number): void {
    this.voiced = true;
    const track = this.view.audio.all.find((one) => one.index === index);
    if (track) this.voices?.keep(track);
    this.engine?.setAudio(index);
  }

  retry(): void {
    this.dispatch({ type: 'retry' });
    this.engine?.resume();
    this.play();
  }

  /** Replaces the manifest URLs by those with a newer token. */
  renew(session: Pick<PlaySession, 'manifest' | 'original'>): void {
    this.engine?.renew(this.ways.renew(session));
  }

  /** Updates the encoding progress of the renditions. */
  setRenditions(renditions: RenditionState[]): void {
    this.set({ renditions });
    this.limitAuto();
  }

  setLevels(levels: Levels, first: number): void {
    this.first = first;
    this.set({ levels });
    this.limitAuto();
    this.applyRung();
    if (this.view.phase === 'loading' && this.view.wantsPlay && this.video.paused) this.play();
  }

  setAudioTracks(audio: Audio): void {
    this.set({ audio });
    if (this.voiced || audio.all.length === 0) return;
    // Applied once per stream: later the engine keeps the track across groups, and the viewer's choice holds.
    this.voiced = true;
    const wanted = this.heard ? sameTrack(audio, this.heard) : (this.voices?.pick(audio) ?? audio.current);
    if (wanted !== audio.current) this.engine?.setAudio(wanted);
  }

  /** The engine plays another stream: what was heard goes on, and an emptied element starts again when there is data. */
  replaced(emptied: boolean): void {
    const { all, current } = this.view.audio;
    this.heard = all.find(({ index }) => index === current) ?? this.heard;
    this.voiced = false;
    this.first = -1;
    this.ways.replaced();
    this.set({ levels: { all: [], current: -1, chosen: -1 }, audio: { all: [], current: -1 } });
    if (emptied) this.dispatch({ type: 'emptied' });
  }

  destroy(): void {
    this.destroyed = true;
    clearTimeout(this.settling);
    this.ways.destroy();
    for (const off of this.detach) off();
    this.engine?.destroy();
    this.watchers.clear();
  }

  private applyRung(): void {
    const level = this.ways.levelDue(this.view.levels);
    if (level !== undefined) this.engine?.setLevel(level);
  }

  private look() {
    const { phase, wantsPlay, positionMs, bufferedMs, durationMs } = this.view;
    const positionS = positionMs / 1000;
    const bufferedS = phase === 'loading' ? this.bufferedFrom(positionS) : Math.max(0, (bufferedMs - positionMs) / 1000);
    const playing = wantsPlay && !document.hidden && !this.video.seeking && phase !== 'error' && phase !== 'ended';
    return { playing, loading: phase === 'loading', positionS, bufferedS, restS: Math.max(0, (durationMs - positionMs) / 1000) };
  }

  private bufferedFrom(seconds: number): number {
    return (this.rangeAt(seconds)?.[1] ?? seconds) - seconds;
  }

  private limitAuto(): void {
    const { levels, renditions } = this.view;
    if (this.first < 0 || levels.all.length === 0) return;
    this.engine?.setAutoRange(autoRange(levels.all, this.first, renditions));
  }

  private set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher();
  }

  private listen(): void {
    const { video } = this;
    const on = (name: string, run: () => void) => {
      video.addEventListener(name, run);
      this.detach.push(() => video.removeEventListener(name, run));
    };
    on('playing', () => this.dispatch({ type: 'playing' }));
    // A media error pauses the element too, and so does emptying it: that is no wish.
    on('pause', () => video.ended || video.error || video.readyState === 0 || this.dispatch({ type: 'pause' }));
    on('emptied', () => this.dispatch({ type: 'emptied' }));
    on('waiting', () => this.dispatch({ type: 'waiting' }));
    on('canplay', () => {
      this.dispatch({ type: 'canplay' });
      if (this.view.wantsPlay && video.paused && !video.ended) this.play();
    });
    on('ended', () => this.dispatch({ type: 'ended' }));
    on('seeking', () => this.dispatch({ type: 'seeking', buffered: this.isBuffered(video.currentTime) }));
    on('volumechange', () => this.set({ volume: video.volume, muted: video.muted }));
    on('ratechange', () => this.set({ rate: video.playbackRate }));
    for (const name of ['timeupdate', 'progress', 'seeked']) on(name, () => this.tellPosition());
    on('durationchange', () => {
      if (Number.isFinite(video.duration) && video.duration > 0) this.set({ durationMs: video.duration * 1000 });
    });
  }

  private tellPosition(): void {
    const { currentTime, seeking } = this.video;
    const end = this.rangeAt(currentTime)?.[1] ?? currentTime;
    // Until the start position is reached currentTime is zero: keep showing the start position.
    const positionMs = this.view.phase === 'loading' || seeking ? this.view.positionMs : currentTime * 1000;
    this.set({ positionMs, bufferedMs: end * 1000 });
  }

  private isBuffered(seconds: number): boolean {
    const range = this.rangeAt(seconds);
    return range !== undefined && range[1] - seconds > 0.5;
  }

  private rangeAt(seconds: number): [number, number] | undefined {
    const { buffered } = this.video;
    for (let at = 0; at < buffered.length; at += 1) {
      if (buffered.start(at) <= seconds + 0.1 && seconds <= buffered.end(at)) return [buffered.start(at), buffered.end(at)];
    }
    return undefined;
  }
}
