// A small real HLS stream (fMP4, two video rungs, two audio languages) made with ffmpeg once and kept in a folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

export const lengthMs = 60_000;
export const rungs = [
  { id: 'v540', height: 540, width: 960, bitrate: 900_000 },
  { id: 'v270', height: 270, width: 480, bitrate: 300_000 },
];
/** The film as it is: key frames where its own encoder put them, 4 to 7 s apart. */
export const original = { id: 'original', height: 720, width: 1280, bitrate: 1_500_000, codecs: 'avc1.64001f,mp4a.40.2' };
const originalKeys = '0,5,12,16,23,28,35,39,46,51,58';
export const voices = [
  { id: 'a-en', language: 'en', name: 'English', pitch: 220 },
  { id: 'a-fr', language: 'fr', name: 'Français', pitch: 330 },
];

const seconds = String(lengthMs / 1000);
const hls = [
  '-f',
  'hls',
  '-hls_time',
  '4',
  '-hls_playlist_type',
  'vod',
  '-hls_segment_type',
  'fmp4',
  '-hls_fmp4_init_filename',
  'init.mp4',
];

export function makeStream(dir) {
  if ([original, ...voices].every(({ id }) => existsSync(`${dir}/${id}/media.m3u8`))) return;
  const run = (id, args) => {
    mkdirSync(`${dir}/${id}`, { recursive: true });
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...args,
      ...hls,
      '-hls_segment_filename',
      `${dir}/${id}/%05d.m4s`,
      `${dir}/${id}/media.m3u8`,
    ]);
  };
  for (const { id, width, height } of rungs) {
    run(id, [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=${width}x${height}:r=25:d=${seconds}`,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-crf',
      '33',
      '-g',
      '100',
      '-keyint_min',
      '100',
      '-sc_threshold',
      '0',
      '-pix_fmt',
      'yuv420p',
    ]);
  }
  const { id, width, height } = original;
  const picture = `testsrc2=s=${width}x${height}:r=25:d=${seconds}`;
  const high = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'high', '-b:v', '1500k', '-pix_fmt', 'yuv420p'];
  run(id, ['-f', 'lavfi', '-i', picture, ...high, '-g', '999', '-sc_threshold', '0', '-force_key_frames', originalKeys]);
  for (const { id, pitch } of voices) run(id, ['-f', 'lavfi', '-i', `sine=f=${pitch}:d=${seconds}`, '-c:a', 'aac', '-ac', '2']);
}

/** The lower rung is listed first: it is the one "this machine makes fast". */
export function multivariant() {
  return playlist(
    rungs
      .slice()
      .reverse()
      .map((rung) => ({ ...rung, codecs: 'avc1.42c01f,mp4a.40.2' })),
  );
}

/** The playlist of the film as it is, in the folder `original`, with the ladder's sounds. */
export function originalMultivariant() {
  return playlist([{ ...original, id: 'copy' }]);
}

function playlist(variants) {
  const audio = voices.map(
    ({ id, language, name }, at) =>
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",LANGUAGE="${language}",NAME="${name}",DEFAULT=${at === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,CHANNELS="2",URI="${id}/media.m3u8"`,
  );
  const video = variants.flatMap(({ id, width, height, bitrate, codecs }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${bitrate + 128_000},RESOLUTION=${width}x${height},CODECS="${codecs}",FRAME-RATE=25,AUDIO="a"`,
    `${id}/media.m3u8`,
  ]);
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...audio, ...video, ''].join('\n');
}
