// The gates a build must pass: it parses on the floor browser, it stays within its weight, and the admin pages and the
// streaming engine are not in the chunk that everybody loads first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';

const kB = 1000;
const budgets = { entry: 130 * kB, hls: 200 * kB, admin: 110 * kB, css: 20 * kB, polyfills: 30 * kB, boot: 2 * kB };
const problems = [];
const weights = {};

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const scripts = readdirSync('dist', { recursive: true }).filter((name) => name.endsWith('.js'));
const weigh = (file) => gzipSync(readFileSync(join('dist', file)), { level: 9 }).length;

for (const file of scripts) {
  // Chromium 63 speaks ES2018 plus dynamic import, which the parser calls ES2020.
  const source = readFileSync(join('dist', file), 'utf8').replace(/\bimport\(/g, 'importFrom(');
  try {
    parse(source, {
      ecmaVersion: file === 'boot.js' ? 3 : 2018,
      sourceType: file.startsWith('assets') && !file.includes('worker') ? 'module' : 'script',
    });
  } catch (error) {
    problems.push(`${file} does not parse on the floor browser: ${error.message}`);
  }
}

const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
const first = new Set();
(function follow(chunk) {
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const key of chunk.imports ?? []) follow(manifest[key]);
})(entry);
weights.entry = [...first].reduce((sum, file) => sum + weigh(file), 0);
weights.css = readdirSync('dist/assets')
  .filter((name) => name.endsWith('.css'))
  .reduce((sum, name) => sum + weigh(join('assets', name)), 0);
// A nested rule under a list of selectors is lowered to :is(), which drops the whole rule below Chromium 88.
for (const name of readdirSync('dist/assets').filter((file) => file.endsWith('.css'))) {
  const lost = readFileSync(join('dist/assets', name), 'utf8').match(/:(?:is|where|has)\([^)]*\)/g) ?? [];
  for (const selector of new Set(lost)) problems.push(`${name} uses ${selector}, which old televisions do not know: write the rules apart`);
}
weights.polyfills = weigh('polyfills.js');
weights.boot = weigh('boot.js');

const admin = Object.entries(manifest).filter(([key]) => key.startsWith('src/admin/'));
const hls = Object.entries(manifest).filter(([key]) => key.includes('hls.js/dist/hls') && key.endsWith('.mjs'));
for (const [name, chunks] of Object.entries({ admin, hls })) {
  if (chunks.length === 0) problems.push(`no ${name} chunk of its own in the build`);
  weights[name] = chunks.reduce((sum, [, chunk]) => sum + weigh(chunk.file), 0);
  for (const [key, chunk] of chunks) if (first.has(chunk.file)) problems.push(`${key} is in the entry chunk`);
}

for (const [name, budget] of Object.entries(budgets)) {
  const line = `${name.padEnd(10)} ${(weights[name] / kB).toFixed(1).padStart(7)} kB of ${budget / kB} kB gzip`;
  console.log(line);
  if (weights[name] > budget) problems.push(`over budget: ${line}`);
}
for (const problem of problems) console.error(`gate: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
