import type { Engine, EngineFault, Levels } from './engine';
import { HlsEngine } from './engine-hls';
import { NativeEngine } from './engine-native';
import type { Player } from './player';

/**
 * hls.js first, native HLS second: recent Chromium answers "maybe" to canPlayType and plays some streams badly.
 * Undefined when this browser can do neither.
 */
export async function makeEngine(video: HTMLVideoElement, player: Player): Promise<Engine | undefined> {
  const listener = {
    onAudio: player.setAudioTracks.bind(player),
    onReplaced: player.replaced.bind(player),
    onFault: (fault: EngineFault) => player.fault(fault),
  };
  const { default: Hls } = await import('hls.js');
  if (Hls.isSupported()) {
    const onLevels = (levels: Levels) => player.setLevels(levels, engine.firstLevel);
    const engine: HlsEngine = new HlsEngine(Hls, video, { ...listener, onLevels });
    return engine;
  }
  if (video.canPlayType('application/vnd.apple.mpegurl') === '') return undefined;
  return new NativeEngine(video, { ...listener, onLevels: (levels) => player.setLevels(levels, 0) });
}
