import type { ErrorData, Fragment } from 'hls.js';
import { expect, it } from 'vitest';
import { failedTrack } from './failed-track';

const frag = (type: string) => ({ type }) as Fragment;
const ended = (message: string) =>
  new Error(`MediaSource closed while media attached - triggering recovery with HTMLMediaElement Error: ${message}`);

const refused = new Error("Failed to execute 'appendBuffer' on 'SourceBuffer': The HTMLMediaElement.error attribute is not null.");

it.each<[string, Partial<ErrorData>, string | undefined, 'audio' | 'video' | undefined]>([
  ['nothing', {}, undefined, undefined],
  ['an audio decoder', {}, 'DECODER_ERROR_NOT_SUPPORTED: audio decoder initialization failed', 'audio'],
  ['an audio packet', {}, 'PIPELINE_ERROR_DECODE: Failed to send audio packet for decoding: timestamp=0', 'audio'],
  ['a video decoder', {}, 'PIPELINE_ERROR_DECODE: video decode error!', 'video'],
  ['a class of Firefox', {}, 'NS_ERROR_DOM_MEDIA_FATAL_ERR (0x806e0005) - FFmpegAudioDecoder<LIBAV_VER>::DoDecode', 'audio'],
  ['a message about neither', {}, 'PIPELINE_ERROR_DECODE: VDA Error 4', undefined],
  ['a message about both', {}, 'audio and video', undefined],
  ['a buffer', { sourceBufferName: 'audio' }, undefined, 'audio'],
  ['the other buffer', { sourceBufferName: 'video' }, undefined, 'video'],
  ['one buffer for both', { sourceBufferName: 'audiovideo' }, undefined, undefined],
  ['a buffer that fails because the picture did', { sourceBufferName: 'audio' }, 'PIPELINE_ERROR_DECODE: video decode error!', 'video'],
  ['a buffer behind an element that failed', { error: refused, sourceBufferName: 'audio', frag: frag('audio') }, undefined, undefined],
  [
    'a buffer behind a picture that failed',
    { error: refused, sourceBufferName: 'audio' },
    'PIPELINE_ERROR_DECODE: video decode error!',
    'video',
  ],
  ['a closed source', { error: ended('PIPELINE_ERROR_DECODE: audio decode error'), frag: frag('main') }, undefined, 'audio'],
  ['a codec without a buffer', { mimeType: 'audio/mp4;codecs=ac-3' }, '', 'audio'],
  ['a codec of the picture', { mimeType: 'video/mp4;codecs=hvc1.2.4.L153.B0' }, undefined, 'video'],
  ['a segment of the sound', { frag: frag('audio') }, undefined, 'audio'],
  ['a segment of the picture', { frag: frag('main') }, undefined, 'video'],
  ['a segment of subtitles', { frag: frag('subtitle') }, undefined, undefined],
])('%s', (_, told, decoder, expected) => {
  expect(failedTrack(told, decoder)).toBe(expected);
});
