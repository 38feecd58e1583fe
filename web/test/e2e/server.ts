import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from './fixtures';

/** Starts the server under test on a free port with empty folders; the returned function stops it and removes them. */
export default async function start(): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'movify-e2e-'));
  const library = join(home, 'library');
  const data = join(home, 'data');
  mkdirSync(library);
  const binary = process.env.MOVIFY_BIN;
  if (!binary && process.env.REQUIRE_ALL) throw new Error('MOVIFY_BIN is not set: build the server first and name it');
  if (binary && !existsSync(binary)) throw new Error(`MOVIFY_BIN names ${binary}, which does not exist`);
  const clip = process.env.MOVIFY_CLIP;
  if (binary && !(clip && existsSync(clip))) throw new Error('MOVIFY_CLIP must name a real clip, such as vtest.avi of opencv-doc');

  const port = await freePort();
  const server = binary
    ? real(binary, data, library, port)
    : spawn(process.execPath, ['test/mock/server.mjs', '--fresh', '--library', library, '--port', String(port)], { stdio: 'inherit' });

  environment.set({ base: `http://127.0.0.1:${port}`, library, state: join(home, 'state.json') });
  await answering(`http://127.0.0.1:${port}/healthz`, server);
  return async () => {
    await end(server);
    rmSync(home, { recursive: true, force: true });
  };
}

function real(binary: string, data: string, library: string, port: number, settings: Record<string, string> = {}): ChildProcess {
  return spawn(binary, ['serve', '--data', data, '--library', library, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...settings },
  });
}

/** Starts one more real server with settings of its own, for a spec that no other may share it with. */
export async function another(
  home: string,
  settings: Record<string, string>,
): Promise<{ base: string; library: string; stop: () => Promise<void> }> {
  const binary = process.env.MOVIFY_BIN;
  if (!binary) throw new Error('MOVIFY_BIN is not set: only the real server has settings');
  const library = join(home, 'library');
  mkdirSync(library);
  const port = await freePort();
  const server = real(binary, join(home, 'data'), library, port, settings);
  const base = `http://127.0.0.1:${port}`;
  await answering(`${base}/healthz`, server);
  return { base, library, stop: () => end(server) };
}

async function end(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode !== null) return;
  server.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode} before it answered`);
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer in 90 s`);
}
