// Writes a .br and a .gz beside every text file of dist/, so that the server only ever sends files.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const text = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest']);
const smallest = 1024;

for (const name of readdirSync('dist', { recursive: true })) {
  const path = join('dist', name);
  if (!statSync(path).isFile() || !text.has(extname(path)) || name.startsWith('.vite')) continue;
  const bytes = readFileSync(path);
  if (bytes.length < smallest) continue;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
}
