import type { OriginalStream, PlaySession, Way } from '../../api/types';
import { autoWay, type WayKind, type WaySample, wayStart } from './auto-way';
import { rememberFailed } from './capabilities';
import type { Engine, EngineFault, Handover, Levels, Source, Track } from './engine';
import { automatic, levelOf, type Quality, storeQuality } from './quality';
import { withToken } from './token';

/** What the controls show of the two streams. */
export interface WayView {
  /** the stream that plays, and why */ way: Way;
  quality: Quality;
  /** the Original stream, as long as it can be chosen */ original?: OriginalStream;
}

/** The player, as far as the way needs it. */
export interface WayHost {
  engine(): Engine | undefined;
  /** the running playback as the pure decision sees it, without what is known of the streams */ look(): Look;
  show(view: WayView): void;
}

/** @internal */
/** What a WayControl is told of the playback. @internal */
export type Look = Pick<WaySample, 'playing' | 'positionS' | 'bufferedS' | 'restS'> & { /** nothing was shown yet */ loading: boolean };

/** Reasons for the ladder that a better connection ends. */
const slowCodes = ['ladder_network', 'ladder_remote', 'ladder_slow'];

/** Statuses that say nothing about the file: the token is too old, or others watch. */
const passingStatuses = [401, 403, 429];

/** A segment that is no fragmented MP4: nothing of it reached the decoder. */
const notMedia = 'E-MEDIA-fragParsingError';

const every = 1000;

/** Which of a film's two streams plays: the server's choice, then the viewer's, the connection's and the decoder's. */
export class WayControl {
  private memory = wayStart;
  private readonly timer: ReturnType<typeof setInterval>;
  private view: WayView;
  private streams: { ladder: string; original: string };
  /** the chosen rung is not applied yet, because the levels of the ladder are unknown */ private rungDue: boolean;

  constructor(
    private readonly host: WayHost,
    session: PlaySession,
    quality: Quality = automatic,
  ) {
    this.streams = streamsOf(session);
    const { original } = session;
    const way: Way = original || session.way.kind === 'ladder' ? session.way : { ...session.way, kind: 'ladder' };
    this.view = { way, quality, original };
    this.rungDue = quality.kind === 'rung';
    this.timer = setInterval(() => this.tick(), every);
  }

  snapshot(): WayView {
    return this.view;
  }

  /** What to load first. */
  first(startMs: number): Source {
    return this.source(this.view.way.kind, startMs);
  }

  /** The addresses with a newer token; returns the one of the stream that plays. */
  renew(session: Pick<PlaySession, 'manifest' | 'original'>): string {
    // A server that has just started may not have read the index of the file again: the address of Original stays, with the new token.
    const original = session.original?.manifest ?? withToken(this.streams.original, session.manifest);
    this.streams = { ladder: session.manifest, original };
    return this.streams[this.view.way.kind];
  }

  /** The viewer's choice: kept on this device, and followed at once. */
  choose(quality: Quality): void {
    storeQuality(quality);
    const { way, original } = this.view;
    this.show({ quality });
    if (way.kind === 'original') {
      if (quality.kind === 'rung') this.go('ladder', 'now', 'ladder_chosen');
      return;
    }
    this.rungDue = quality.kind === 'rung';
    const back = quality.kind === 'original' || (quality.kind === 'auto' && way.code === 'ladder_chosen');
    if (back && original) this.go('original', 'now', quality.kind === 'auto' ? 'original_back' : 'original_chosen');
    else if (quality.kind !== 'rung') this.host.engine()?.setLevel(-1);
  }

  /** Another stream begins, whose levels are not known yet. */
  replaced(): void {
    this.rungDue = this.view.quality.kind === 'rung';
  }

  /** The ladder's levels are known: a chosen rung is applied once. Returns the level to stay on, if any. */
  levelDue({ all }: Levels): number | undefined {
    const { quality, way } = this.view;
    if (!this.rungDue || quality.kind !== 'rung' || way.kind !== 'ladder' || all.length === 0) return undefined;
    this.rungDue = false;
    return levelOf(all, quality.height);
  }

  /** Goes to the ladder after a fault of Original. False when the fault is none of the stream: the player tells it. */
  fault({ kind, code, status = 0, track }: EngineFault): boolean {
    if (this.view.way.kind !== 'original') return false;
    if (code === notMedia) this.leave('ladder_unavailable', 'soon');
    else if (kind === 'media') this.giveUp(track);
    else if (status < 400 || passingStatuses.includes(status)) return false;
    else this.leave('ladder_unavailable', 'soon');
    return true;
  }

  destroy(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const { way, quality, original } = this.view;
    const engine = this.host.engine();
    if (!original || !engine || quality.kind === 'rung') return;
    const { loading, ...look } = this.host.look();
    const auto = quality.kind === 'auto';
    const { memory, move } = autoWay(this.memory, {
      ...look,
      on: way.kind,
      nowMs: performance.now(),
      // Original that was chosen stays, however slowly it comes.
      throughput: auto ? engine.stats().throughput : undefined,
      averageBps: original.averageBps,
      peakBps: original.peakBps,
      mayReturn: auto && slowCodes.includes(way.code),
    });
    this.memory = memory;
    if (move === 'slow') this.go('ladder', loading ? 'anew' : 'soon', 'ladder_slow');
    else if (move === 'stuck') this.giveUp();
    else if (move === 'back') this.go('original', 'soon', 'original_back');
  }

  /** Original cannot be decoded here: this device is not offered a stream, or a sound, of these codecs again. */
  private giveUp(track: Track = 'video'): void {
    // The picture is the first one in the playlist.
    const [picture, ...sounds] = this.view.original?.codecs.split(',') ?? [];
    const codec = track === 'audio' ? playing(sounds, this.host.engine()?.stats().codecs) : picture;
    if (codec) rememberFailed(codec);
    this.show({ original: undefined });
    this.leave(track === 'audio' ? 'ladder_failed_sound' : 'ladder_failed', 'anew');
  }

  /** To the ladder for a reason that the viewer's choice of Original cannot outlive. */
  private leave(code: string, handover: Handover): void {
    if (this.view.quality.kind === 'original') this.show({ quality: automatic });
    this.go('ladder', handover, code);
  }

  /** The new reason shows at once, the picture when the other stream is there. */
  private go(kind: WayKind, handover: Handover, code: string): void {
    const { loading, positionS } = this.host.look();
    this.show({ way: { kind, code, message: '' } });
    const { quality } = this.view;
    const height = kind === 'ladder' && quality.kind === 'rung' ? quality.height : undefined;
    const engine = this.host.engine();
    const carriedBps = code === 'ladder_slow' ? engine?.stats().throughput : undefined;
    engine?.replace({ ...this.source(kind, positionS * 1000), height, carriedBps }, loading ? 'anew' : handover);
  }

  private source(kind: WayKind, startMs: number): Source {
    return { url: this.streams[kind], startMs, original: kind === 'original' };
  }

  private show(change: Partial<WayView>): void {
    this.view = { ...this.view, ...change };
    this.host.show(this.view);
  }
}

/** The sound of a stream that plays: that of the engine's codecs, or the only one. */
function playing(sounds: string[], codecs = ''): string | undefined {
  const plays = codecs.split(', ').map((codec) => codec.toLowerCase());
  return sounds.find((sound) => plays.includes(sound.toLowerCase())) ?? (sounds.length === 1 ? sounds[0] : undefined);
}

function streamsOf({ manifest, original }: Pick<PlaySession, 'manifest' | 'original'>) {
  return { ladder: manifest, original: original?.manifest ?? manifest };
}
