// Old Chromium builds that npm packages carry inside their tarball: for tests only, kept outside the project.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** chrome-aws-lambda's version → what it is. Builds without H.264 show everything but the film. */
export const engines = [
  { version: '1.4.0', major: 68, plays: false },
  { version: '1.16.1', major: 76, plays: true },
];

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'movify', 'old-engines');

/** The path of an engine's program; the first call fetches about 35 MB from the npm registry. */
export function programOf({ version, major }) {
  const program = join(cache, `chromium-${major}`);
  if (existsSync(program)) return program;
  const work = join(cache, `.fetch-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', work, `chrome-aws-lambda@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    execFileSync('tar', ['xzf', join(work, `chrome-aws-lambda-${version}.tgz`), '-C', work]);
    const bin = join(work, 'package', 'bin');
    const packed = readdirSync(bin).find((name) => name.startsWith('chromium-') && name.endsWith('.br'));
    const whole = join(work, 'chromium');
    writeFileSync(whole, brotliDecompressSync(readFileSync(join(bin, packed))));
    chmodSync(whole, 0o755);
    renameSync(whole, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}
