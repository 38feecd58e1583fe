import type { TitleFile } from '../../api/types';
import type { ViewerT } from '../../i18n/namespaces';

/** ffmpeg codec names of old formats and their common names. The server translates the usual ones. */
const codecs: Record<string, string> = {
  MSMPEG4V1: 'MS-MPEG-4 v1',
  MSMPEG4V2: 'MS-MPEG-4 v2',
  MSMPEG4V3: 'MS-MPEG-4 v3',
  WMV1: 'Windows Media Video 7',
  WMV2: 'Windows Media Video 8',
  WMV3: 'Windows Media Video 9',
  VC1: 'VC-1',
  H263: 'H.263',
  FLV1: 'Sorenson Spark',
  VP6F: 'VP6',
  RV30: 'RealVideo 8',
  RV40: 'RealVideo 9',
  SVQ3: 'Sorenson Video 3',
  DVVIDEO: 'DV',
  PRORES: 'ProRes',
  THEORA: 'Theora',
  CINEPAK: 'Cinepak',
  HUFFYUV: 'HuffYUV',
  RAWVIDEO: 'uncompressed',
  WMAV1: 'Windows Media Audio',
  WMAV2: 'Windows Media Audio 2',
  WMAPRO: 'Windows Media Audio Pro',
  MP2: 'MPEG-1 Layer II',
  ALAC: 'Apple Lossless',
  COOK: 'RealAudio',
};

/**
 * "English PCM_S16LE stereo" → "English PCM stereo".
 * @internal
 */
export function codecWords(text: string): string {
  return text
    .split(' ')
    .map((word) => codecs[word] ?? word.replace(/^(AD)?PCM_.*/, '$1PCM'))
    .join(' ');
}

/** "MSMPEG4V3 768×576 10" → "MS-MPEG-4 v3 · 768×576 · 10 fps"; other forms stay unchanged. */
export function videoWords(t: ViewerT, text: string): string {
  const parts = /^(.+) (\d+×\d+) ([\d.]+)$/.exec(text);
  if (!parts) return codecWords(text);
  const [, codec = '', size, rate] = parts;
  return [codecWords(codec), size, t('framesPerSecond', { rate: Number(rate) })].join(' · ');
}

const notes = {
  'audio-undecodable': 'noteAudioUndecodable',
  'audio-disabled': 'noteAudioDisabled',
  'ordered-chapters': 'noteOrderedChapters',
  stereo: 'noteStereo',
} as const;

/** What of the file is not played, or not as it says. */
export function noteWords(t: ViewerT, file: TitleFile): string {
  return (file.notes ?? []).map((note) => t(notes[note])).join(' ');
}

/** All tracks, then how many of them a viewer cannot choose. */
export function audioWords(t: ViewerT, file: TitleFile): string {
  const words = file.audio.map(codecWords);
  const count = file.audioLeftOut ?? 0;
  return (count > 0 ? [...words, t('audioLeftOut', { count })] : words).join(' · ');
}
