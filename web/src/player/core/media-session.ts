import type { TitleCard } from '../../api/types';
import type { Player } from './player';

/** The lock screen, headset buttons and media keys of the operating system. */
export function mediaSession(player: Player, title: TitleCard): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const { mediaSession } = navigator;
  mediaSession.metadata = new MediaMetadata({
    title: title.name,
    artist: title.seriesName ?? '',
    artwork: title.still ? [{ src: new URL(`${title.still}?w=480`, location.href).href, sizes: '480x270' }] : [],
  });
  const by = (ms: number) => player.seek(player.snapshot().positionMs + ms);
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => player.play(),
    pause: () => player.pause(),
    seekbackward: (details) => by(-(details.seekOffset ?? 10) * 1000),
    seekforward: (details) => by((details.seekOffset ?? 10) * 1000),
    seekto: (details) => player.seek((details.seekTime ?? 0) * 1000),
  };
  const set = (action: string, handler: MediaSessionActionHandler | null) => {
    try {
      mediaSession.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // Chromium 76 throws on actions it does not know.
    }
  };
  for (const [action, handler] of Object.entries(handlers)) set(action, handler);
  return () => {
    mediaSession.metadata = null;
    for (const action of Object.keys(handlers)) set(action, null);
  };
}
