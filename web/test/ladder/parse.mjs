// Reads the playlists of a ladder in a folder with hls-parser in strict mode: any deviation from the RFC throws.
// Usage: node parse.mjs FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as HLS from 'hls-parser';

const folder = process.argv[2];
HLS.setOptions({ strictMode: true });

const multivariant = HLS.parse(readFileSync(join(folder, 'multivariant.m3u8'), 'utf8'));
if (!multivariant.isMasterPlaylist || multivariant.variants.length === 0) {
  throw new Error('multivariant.m3u8 lists no variant');
}
const uris = new Set();
for (const variant of multivariant.variants) {
  uris.add(variant.uri);
  for (const audio of variant.audio) uris.add(audio.uri);
}
for (const uri of uris) {
  const media = HLS.parse(readFileSync(join(folder, uri), 'utf8'));
  if (media.isMasterPlaylist || !media.endlist || media.segments.length === 0) {
    throw new Error(`${uri} is not a whole media playlist`);
  }
}
console.log(JSON.stringify({ variants: multivariant.variants.length, playlists: uris.size }));
