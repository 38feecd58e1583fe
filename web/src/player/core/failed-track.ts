import type { ErrorData } from 'hls.js';
import type { Track } from './engine';

type Told = Partial<Pick<ErrorData, 'error' | 'frag' | 'mimeType' | 'sourceBufferName'>>;

/**
 * Which track of a stream a media error is about; undefined when it does not say. `decoder` is the message of the video element's error.
 * It goes before all that hls.js tells: once the element has failed, the next buffer that is appended to fails too, whichever it is. The
 * error of that buffer names the element's attribute.
 */
export function failedTrack({ error, frag, mimeType, sourceBufferName }: Told, decoder?: string): Track | undefined {
  const said = decoder || /HTMLMediaElement Error: (.+)/.exec(error?.message ?? '')?.[1];
  if (said) return trackIn(said);
  if (error?.message.includes('HTMLMediaElement.error')) return undefined;
  if (sourceBufferName === 'audio' || sourceBufferName === 'video') return sourceBufferName;
  if (mimeType) return mimeType.startsWith('audio/') ? 'audio' : 'video';
  if (frag?.type === 'audio') return 'audio';
  return frag?.type === 'main' ? 'video' : undefined;
}

/** Chromium writes "audio decoder initialization failed", Firefox the name of the decoder's class: FFmpegAudioDecoder. */
function trackIn(message: string): Track | undefined {
  const audio = /audio/i.test(message);
  const video = /video/i.test(message);
  if (audio === video) return undefined;
  return audio ? 'audio' : 'video';
}
