import type HlsModule from 'hls.js';
import type { ErrorData, Fragment, HlsConfig, MediaAttachingData } from 'hls.js';
import workerPath from 'hls.js/dist/hls.worker.js?url';
import { device } from '../../lib/device';
import { load, save } from '../../lib/storage';
import { completeFragmentLoader, FirstResponses } from './complete-fragment-loader';
import type { AutoRange, Engine, EngineFault, EngineListener, EngineStats, Handover, Source } from './engine';
import { failedTrack } from './failed-track';
import { carriedLevel, hlsConfig } from './options';
import { loadAgainAtStandstill } from './standstill';
import { switchPoint } from './switch-point';
import { Throughput } from './throughput';
import { withToken } from './token';

/** Seconds from a viewer's choice in which the other stream begins: later than it takes to load, sooner than is noticed as a wait. */
const soonest = 1;
const latest = 4;

/**
 * Seconds behind a border of segments at which the segment after it is found, in the picture and in the sound. hls.js takes segments with
 * B-frames for two or three frames later than they are, because it does not read the edit list.
 */
const nudge = 0.1;

/**
 * Seconds that may be missing where two streams meet: the B-frames before the joint need a frame behind it (docs/adr/0011). It is jumped
 * over, and nothing is loaded for it.
 */
const jointHole = 0.5;

/** Seconds that a decoder may have read ahead of the position. */
const readAhead = 0.3;

/** Milliseconds after which loading goes on in any case. */
const longestSettleMs = 2000;

/** A media error this soon after a recovery, in milliseconds, is the same one again: what is appended is not yet decoded. */
const recoveryMs = 10_000;

/** hls.js as an Engine. `Hls` is passed in, because it is loaded as a chunk of its own. */
export class HlsEngine implements Engine {
  readonly name = 'hls.js';
  private hls: HlsModule;
  private endWatch: () => void = () => undefined;
  private healed = 0;
  private healedAt = Number.NEGATIVE_INFINITY;
  /** of the server or the file, since the last segment that was good */ private failures = 0;
  private stopped = false;
  /** what the video element said of its last error: hls.js resets the element before it tells of the error */ private said:
    | string
    | undefined;
  private source: Source = { url: '', startMs: 0, original: false };
  private codecs: Partial<Record<'video' | 'audio', string>> = {};
  private readonly throughput = new Throughput();
  private running: Fragment | undefined;
  /** of a stream that took over from another one */ private firstResponses: FirstResponses | undefined;
  /** counts the calls of replace, so that one that still reads playlists gives way to the next */ private replacement = 0;

  constructor(
    private readonly Hls: typeof HlsModule,
    private readonly video: HTMLVideoElement,
    private readonly listener: EngineListener,
  ) {
    this.hls = this.make();
    video.addEventListener('error', this.onElementError);
  }

  load(source: Source): void {
    this.begin(source, { media: this.video });
  }

  replace(source: Source, handover: Handover): void {
    this.replacement += 1;
    if (handover !== 'now' || !this.canHandOver()) {
      this.swap(source, handover !== 'anew');
      return;
    }
    const { replacement, video } = this;
    const now = video.currentTime;
    const to = Math.min(now + latest, now + bufferedAhead(video));
    void switchPoint(source.url, { height: source.height, from: now + soonest, to }).then((begin) => {
      if (replacement === this.replacement) this.swap(source, true, begin ?? video.currentTime);
    });
  }

  /** The level to begin with: the one that the server listed first, or a lower one that the connection carries. -1 = unknown. */
  get firstLevel(): number {
    const { levels, firstLevel } = this.hls;
    return firstLevel < 0 ? firstLevel : carriedLevel(levels, firstLevel, this.source.carriedBps);
  }

  renew(url: string): void {
    this.source.url = url;
  }

  setLevel(index: number): void {
    this.hls.nextLevel = index;
    this.tellLevels();
  }

  setAutoRange({ min, max }: AutoRange): void {
    this.hls.autoLevelCapping = max;
    this.hls.config.minAutoBitrate = this.hls.levels[min]?.maxBitrate ?? 0;
  }

  setAudio(index: number): void {
    this.hls.audioTrack = index;
  }

  stats(): EngineStats {
    const codecs = [this.codecs.video, this.codecs.audio].filter(Boolean).join(', ');
    const throughput = this.throughput.value(this.runningTransfer());
    return { codecs, bandwidth: throughput ?? this.hls.bandwidthEstimate, throughput };
  }

  resume(): void {
    this.healed = 0;
    this.stopped = false;
    this.hls.startLoad();
  }

  destroy(): void {
    this.replacement += 1;
    this.endWatch();
    this.video.removeEventListener('error', this.onElementError);
    this.hls.destroy();
  }

  private readonly onElementError = () => {
    this.said = this.video.error?.message;
  };

  private canHandOver(): boolean {
    return !this.video.error && canChangeType();
  }

  /**
   * The old hls.js hands the media source with all that is loaded to a new one, which changes the type of its buffers where the codecs
   * differ: the old picture stays until the new one is there. `begin` is where the new one begins in place of what is loaded, in
   * seconds; absent = behind it.
   */
  private swap(source: Source, handsOver: boolean, begin?: number): void {
    const { hls: old, video } = this;
    this.endWatch();
    old.stopLoad();
    const given = handsOver && this.canHandOver() ? old.transferMedia() : null;
    old.destroy();
    const state = given?.mediaSource?.readyState;
    const kept = state === 'open' || state === 'ended';
    this.hls = this.make(kept);
    this.listener.onReplaced(!kept);
    if (!given || !kept) {
      this.begin(source, { media: video });
      return;
    }
    this.settle(begin !== undefined);
    const from = begin ?? video.currentTime + bufferedAhead(video);
    this.begin({ ...source, startMs: (from + nudge) * 1000 }, given);
  }

  private make(kept = false): HlsModule {
    const config = hlsConfig(device(), workerPath, Number(load('bandwidth')) || undefined);
    // Playlists in memory contain the token they were fetched with.
    const xhrSetup = (xhr: XMLHttpRequest, url: string) => xhr.open('GET', withToken(url, this.source.url), true);
    if (!kept) return new this.Hls({ ...config, xhrSetup, fLoader: completeFragmentLoader(this.Hls) });
    this.firstResponses = new FirstResponses();
    const fLoader = completeFragmentLoader(this.Hls, this.firstResponses);
    return new this.Hls({ ...config, xhrSetup, fLoader, streamController: withoutSeek(this.Hls), maxBufferHole: jointHole });
  }

  private begin(source: Source, media: MediaAttachingData): void {
    const { hls, Hls, video } = this;
    this.source = source;
    this.healed = 0;
    this.failures = 0;
    this.stopped = false;
    this.said = undefined;
    this.running = undefined;
    const kept = media.mediaSource !== undefined;
    const position = () => (this.stopped ? undefined : video.currentTime || source.startMs / 1000);
    this.endWatch = loadAgainAtStandstill(hls, Hls.Events, video, position);
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      const { firstLevel } = this;
      hls.startLevel = firstLevel;
      // Until it is known which rungs are complete, stay on the one that encodes fast enough.
      this.setAutoRange({ min: firstLevel, max: firstLevel });
      this.tellLevels();
      // A rung that is chosen while another stream plays is waited for; the start of a film is not.
      if (kept && hls.manualLevel >= 0) hls.startLevel = hls.manualLevel;
      hls.startLoad(source.startMs / 1000);
    });
    this.listen(hls);
    hls.attachMedia(media);
    hls.loadSource(source.url);
  }

  private listen(hls: HlsModule): void {
    const { Events } = this.Hls;
    hls.on(Events.LEVEL_SWITCHED, () => this.tellLevels());
    hls.on(Events.BUFFER_CODECS, (_, tracks) => {
      // With a separate audio rendition, each track type is reported with its first segment.
      for (const kind of ['video', 'audio'] as const) this.codecs[kind] = tracks[kind]?.codec ?? this.codecs[kind];
    });
    hls.on(Events.AUDIO_TRACKS_UPDATED, () => this.tellAudio());
    hls.on(Events.AUDIO_TRACK_SWITCHED, () => this.tellAudio());
    hls.on(Events.FRAG_LOADING, (_, { frag }) => {
      if (frag.type === 'main') this.running = frag as Fragment;
    });
    hls.on(Events.FRAG_LOADED, (_, { frag }) => this.measure(frag));
    hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
      if (frag.type === 'main' && frag.sn !== 'initSegment') this.failures = 0;
      if (performance.now() - this.healedAt > recoveryMs) this.healed = 0;
    });
    hls.on(Events.ERROR, (_, data) => this.onError(data));
  }

  private measure(frag: Fragment): void {
    if (frag === this.running) this.running = undefined;
    const { loaded, loading } = frag.stats;
    this.throughput.note({ bytes: loaded, ms: loading.end - loading.first });
    const now = this.throughput.value();
    if (now !== undefined) save('bandwidth', String(Math.round(now)));
  }

  /** The download of a segment that is not finished. Before its first byte it counts for Original only: a rung is being encoded then. */
  private runningTransfer() {
    if (!this.running) return undefined;
    const { loaded, loading } = this.running.stats;
    const now = performance.now();
    if (loaded > 0) return { bytes: loaded, ms: now - loading.first };
    return this.source.original && loading.start > 0 ? { bytes: 0, ms: now - loading.start - 3000 } : undefined;
  }

  /**
   * Loads nothing more from when the buffers are handed over until the first segments of the new stream are in them: of picture or sound
   * alone, hls.js would go on at the wrong place. `drops`: the old picture behind the first segment is removed too. The old sound stays:
   * it is the same film, and a hole in it would be heard.
   */
  private settle(drops: boolean): void {
    const { hls, video, Hls } = this;
    const { Events } = Hls;
    const waits = new Set<string>();
    let start = 0;
    let end = 0;
    const done = (what: string) => {
      if (!waits.delete(what) || waits.size > 0) return;
      this.goOnInside(start, end);
      // The first segment comes a second time, from firstResponses.
      let second = true;
      hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
        if (!second || frag.type !== 'main' || frag.sn === 'initSegment') return;
        second = false;
        this.goOnInside(frag.start, frag.end);
      });
      hls.resumeBuffering();
      this.firstResponses?.end();
    };
    hls.on(Events.FRAG_LOADING, (_, { frag }) => {
      if (end === 0 && frag.type === 'main' && frag.sn !== 'initSegment') ({ start, end } = frag);
    });
    const drop = () => {
      const startOffset = Math.max(end, video.currentTime + soonest);
      hls.trigger(Events.BUFFER_FLUSHING, { startOffset, endOffset: Number.POSITIVE_INFINITY, type: 'video' });
    };
    hls.once(Events.BUFFER_CREATED, (_, { tracks }) => {
      hls.pauseBuffering();
      waits.add('main');
      if (tracks.audio) waits.add('audio');
      hls.on(Events.FRAG_BUFFERED, (__, { frag }) => done(frag.sn === 'initSegment' ? '' : frag.type));
      setTimeout(() => hls.resumeBuffering(), longestSettleMs);
      if (!drops) return;
      waits.add('dropped');
      hls.once(Events.BUFFER_FLUSHED, () => done('dropped'));
      // Later than this event, which comes before what waits for the buffers is carried out.
      void Promise.resolve().then(drop);
    });
  }

  /**
   * A segment that begins before the position, or just behind it, replaces what the decoder is at, which then shows nothing before the
   * next key frame: it starts again from the segment's own one.
   */
  private goOnInside(start: number, end: number): void {
    const at = this.video.currentTime;
    if (start - readAhead < at && at < end) this.video.currentTime = at;
  }

  private tellLevels(): void {
    const { hls } = this;
    const all = hls.levels.map(({ height, bitrate }, index) => ({ index, height, bitrate }));
    this.listener.onLevels({ all, current: hls.currentLevel, chosen: hls.manualLevel });
  }

  private tellAudio(): void {
    const { hls } = this;
    const all = hls.audioTracks.map(({ name, lang, default: standard, autoselect, characteristics }, index) => ({
      index,
      name,
      language: lang ?? '',
      aside: !standard && (!autoselect || (characteristics ?? '').includes('describes-video')),
    }));
    this.listener.onAudio({ all, current: hls.audioTrack });
  }

  private onError(data: ErrorData): void {
    if (data.frag && data.frag === this.running) this.running = undefined;
    const { ErrorTypes, ErrorDetails } = this.Hls;
    if (this.source.original && this.isOver(data)) {
      this.giveUp(data);
      return;
    }
    if (!data.fatal) return;
    // No level can be decoded: recovering would loop for ever.
    const hopeless = data.details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR;
    const tries = this.source.original ? 1 : 2;
    if (data.type === ErrorTypes.MEDIA_ERROR && !hopeless && this.healed < tries) {
      this.countHealed();
      if (this.healed === 2) this.hls.swapAudioCodec();
      this.hls.recoverMediaError();
      return;
    }
    this.giveUp(data);
  }

  private giveUp(data: ErrorData): void {
    this.stopped = true;
    this.hls.stopLoad();
    this.listener.onFault(faultOf(data, this.Hls.ErrorTypes.NETWORK_ERROR, this.video.error?.message ?? this.said));
  }

  /**
   * Whether an error ends Original, which hls.js would try to get over for longer than its buffer lasts: a refusal, a server that fails
   * twice, two segments that are none, a decoder that fails again after it was recovered.
   */
  private isOver({ details, response, frag, fatal }: ErrorData): boolean {
    const { FRAG_LOAD_ERROR, FRAG_PARSING_ERROR, MEDIA_SOURCE_REQUIRES_RESET } = this.Hls.ErrorDetails;
    const status = response?.code ?? 0;
    if (details === MEDIA_SOURCE_REQUIRES_RESET) {
      const again = this.healed > 0;
      if (!fatal) this.countHealed();
      return again;
    }
    if (frag?.type !== 'main') return false;
    if (details === FRAG_LOAD_ERROR && status >= 400 && status < 500) return true;
    if (details !== FRAG_PARSING_ERROR && !(details === FRAG_LOAD_ERROR && status >= 500)) return false;
    this.failures += 1;
    return this.failures > 1;
  }

  private countHealed(): void {
    this.healed += 1;
    this.healedAt = performance.now();
  }
}

/** hls.js seeks to where it begins to load. The picture of the other stream that is still there goes on without. */
function withoutSeek(Hls: typeof HlsModule): HlsConfig['streamController'] {
  return class extends Hls.DefaultConfig.streamController {
    protected override seekToStartPos(): void {
      // The position stays where it is.
    }
  };
}

/** Chromium below 70 cannot change the codec of a buffer. */
function canChangeType(): boolean {
  return typeof SourceBuffer !== 'undefined' && 'changeType' in SourceBuffer.prototype;
}

/** Seconds that are loaded from the position on. */
function bufferedAhead({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime + 0.1 && currentTime <= buffered.end(at)) return buffered.end(at) - currentTime;
  }
  return 0;
}

function faultOf(data: ErrorData, network: string, decoder?: string): EngineFault {
  if (data.type === network) return { kind: 'network', code: `E-NET-${data.response?.code || 0}`, status: data.response?.code };
  return { kind: 'media', code: `E-MEDIA-${data.details}`, track: failedTrack(data, decoder) };
}
