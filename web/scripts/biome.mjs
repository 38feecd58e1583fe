// Runs Biome's own binary. Its wrapper package lists a binary for every platform, and a registry that lacks one of them
// makes `npm ci` fail, so lint/package.json names the binaries we need.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const name = `@biomejs/cli-${process.platform}-${process.arch}`;
let binary;
try {
  binary = createRequire(new URL('../lint/package.json', import.meta.url)).resolve(`${name}/biome`);
} catch {
  console.error(`lint: ${name} is not installed; add it to optionalDependencies in web/lint/package.json`);
  process.exit(1);
}
process.exit(spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1);
