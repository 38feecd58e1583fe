import type { Engine, EngineListener, EngineStats, Source } from './engine';
import { failedTrack } from './failed-track';

/** The browser's own HLS: iPhones without Media Source. It chooses the rung by itself, so there is one level: automatic. */
export class NativeEngine implements Engine {
  readonly name = 'native';
  private readonly detach: (() => void)[] = [];
  private source: Source = { url: '', startMs: 0, original: false };

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly listener: EngineListener,
  ) {}

  load(source: Source): void {
    this.on('loadedmetadata', () => {
      if (this.source.startMs > 0) this.video.currentTime = this.source.startMs / 1000;
      this.tellAudio();
    });
    this.on('resize', () => this.tellLevel());
    this.on('error', () => {
      const { code = 0, message } = this.video.error ?? {};
      const kind = code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'media';
      this.listener.onFault({ kind, code: `E-NATIVE-${code}`, track: failedTrack({}, message) });
    });
    this.show(source);
  }

  replace(source: Source): void {
    this.listener.onReplaced(true);
    this.show(source);
  }

  /** The running playback keeps its token; a new token is used when the source is loaded again. */
  renew(url: string): void {
    this.source.url = url;
  }

  setLevel(): void {
    this.tellLevel();
  }

  setAutoRange(): void {
    // The browser decides alone.
  }

  setAudio(index: number): void {
    const tracks = this.tracks();
    tracks.forEach((track, at) => {
      track.enabled = at === index;
    });
    this.tellAudio();
  }

  stats(): EngineStats {
    return { codecs: '', bandwidth: 0 };
  }

  resume(): void {
    this.show({ ...this.source, startMs: this.video.currentTime * 1000 });
  }

  destroy(): void {
    for (const off of this.detach) off();
    this.video.removeAttribute('src');
    this.video.load();
  }

  private show(source: Source): void {
    this.source = source;
    this.video.src = source.url;
  }

  private on(event: string, run: () => void): void {
    this.video.addEventListener(event, run);
    this.detach.push(() => this.video.removeEventListener(event, run));
  }

  private tellLevel(): void {
    const height = this.video.videoHeight;
    this.listener.onLevels({ all: [{ index: 0, height, bitrate: 0 }], current: height > 0 ? 0 : -1, chosen: -1 });
  }

  private tellAudio(): void {
    const tracks = this.tracks();
    this.listener.onAudio({
      all: tracks.map((track, index) => ({
        index,
        name: track.label,
        language: track.language,
        aside: /desc|commentary/.test(track.kind ?? ''),
      })),
      current: tracks.findIndex((track) => track.enabled),
    });
  }

  /** HTMLMediaElement.audioTracks exists in Safari only and is missing in the DOM types. */
  private tracks(): NativeAudioTrack[] {
    return Array.from((this.video as HTMLVideoElement & { audioTracks?: ArrayLike<NativeAudioTrack> }).audioTracks ?? []);
  }
}

interface NativeAudioTrack {
  enabled: boolean;
  kind?: string;
  label: string;
  language: string;
}
