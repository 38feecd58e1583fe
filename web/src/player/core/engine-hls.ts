import type HlsModule from 'hls.js';
import type { ErrorData } from 'hls.js';
import workerPath from 'hls.js/dist/hls.worker.js?url';
import { device } from '../../lib/device';
import { load, save } from '../../lib/storage';
import { completeFragmentLoader } from './complete-fragment-loader';
import type { AutoRange, Engine, EngineFault, EngineListener, EngineStats } from './engine';
import { hlsConfig } from './options';
import { loadAgainAtStandstill } from './standstill';
import { withToken } from './token';

/** hls.js as an Engine. `Hls` is passed in, because it is loaded as a chunk of its own. */
export class HlsEngine implements Engine {
  readonly name = 'hls.js';
  private readonly hls: HlsModule;
  private readonly endWatch: () => void;
  private healed = 0;
  private startMs = 0;
  private stopped = false;
  private url = '';
  private codecs: Partial<Record<'video' | 'audio', string>> = {};

  constructor(
    private readonly Hls: typeof HlsModule,
    video: HTMLVideoElement,
    private readonly listener: EngineListener,
  ) {
    const config = hlsConfig(device(), workerPath, Number(load('bandwidth')) || undefined);
    // Playlists in memory contain the token they were fetched with.
    const xhrSetup = (xhr: XMLHttpRequest, url: string) => xhr.open('GET', withToken(url, this.url), true);
    this.hls = new Hls({ ...config, xhrSetup, fLoader: completeFragmentLoader(Hls) });
    this.hls.attachMedia(video);
    const position = () => (this.stopped ? undefined : video.currentTime || this.startMs / 1000);
    this.endWatch = loadAgainAtStandstill(this.hls, Hls.Events, video, position);
  }

  load(url: string, startMs: number): void {
    const { hls, Hls } = this;
    this.url = url;
    this.startMs = startMs;
    hls.on(Hls.Events.MANIFEST_PARSED, (_, { firstLevel }) => {
      hls.startLevel = firstLevel;
      // Until it is known which rungs are complete, stay on the one that encodes fast enough.
      this.setAutoRange({ min: firstLevel, max: firstLevel });
      this.tellLevels();
      hls.startLoad(startMs / 1000);
    });
    hls.on(Hls.Events.LEVEL_SWITCHED, () => this.tellLevels());
    hls.on(Hls.Events.BUFFER_CODECS, (_, tracks) => {
      // With a separate audio rendition, each track type is reported with its first segment.
      for (const kind of ['video', 'audio'] as const) this.codecs[kind] = tracks[kind]?.codec ?? this.codecs[kind];
    });
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, () => this.tellAudio());
    hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, () => this.tellAudio());
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      this.healed = 0;
    });
    hls.on(Hls.Events.ERROR, (_, data) => this.onError(data));
    hls.loadSource(url);
  }

  /** The level the server listed first, -1 before the playlist is read. */
  get firstLevel(): number {
    return this.hls.firstLevel;
  }

  renew(url: string): void {
    this.url = url;
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
    return { codecs, bandwidth: this.hls.bandwidthEstimate };
  }

  resume(): void {
    this.healed = 0;
    this.stopped = false;
    this.hls.startLoad();
  }

  destroy(): void {
    this.endWatch();
    if (Number.isFinite(this.hls.bandwidthEstimate)) save('bandwidth', String(Math.round(this.hls.bandwidthEstimate)));
    this.hls.destroy();
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
    if (!data.fatal) return;
    const { ErrorTypes, ErrorDetails } = this.Hls;
    // No level can be decoded: recovering would loop for ever.
    const hopeless = data.details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR;
    if (data.type === ErrorTypes.MEDIA_ERROR && !hopeless && this.healed < 2) {
      this.healed += 1;
      if (this.healed === 2) this.hls.swapAudioCodec();
      this.hls.recoverMediaError();
      return;
    }
    this.stopped = true;
    this.hls.stopLoad();
    this.listener.onFault(faultOf(data, ErrorTypes.NETWORK_ERROR));
  }
}

function faultOf(data: ErrorData, network: string): EngineFault {
  if (data.type === network) return { kind: 'network', code: `E-NET-${data.response?.code || 0}`, status: data.response?.code };
  return { kind: 'media', code: `E-MEDIA-${data.details}` };
}
