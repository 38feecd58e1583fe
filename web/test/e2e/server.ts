import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FullConfig, request } from '@playwright/test';
import { drop, film, owner, type Place, servers, titleOf } from './fixtures';

export interface Server extends Place {
  stop: () => Promise<void>;
}

/**
 * Settings of the shared servers. The specs need a title that can be played soon, not its whole ladder: another
 * rung is encoded when a player requests it. The specs with a server of their own have the defaults.
 */
const sharedSettings = {
  MOVIFY_LIBRARY_SETTLE: '200ms',
  MOVIFY_TRANSCODE_LADDER: 'when_watched',
  MOVIFY_SERVER_TRUSTED_PROXIES: '127.0.0.1',
};

/** Starts one server for each worker, set up and with the shared film in it; the returned function stops them. */
export default async function start({ workers }: FullConfig): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'movify-e2e-'));
  const running: Server[] = [];
  const end = async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    rmSync(home, { recursive: true, force: true });
  };
  const begin = async (index: number) => {
    running.push(await shared(join(home, String(index))));
  };
  try {
    await begin(0);
    servers.tell(running);
    const others = await Promise.allSettled(Array.from({ length: workers - 1 }, (_, index) => begin(index + 1)));
    const failed = others.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  } catch (error) {
    await end();
    throw error;
  }
  servers.tell(running);
  return end;
}

async function shared(home: string): Promise<Server> {
  const server = await launch(home, sharedSettings);
  try {
    const api = await request.newContext({ baseURL: server.base, extraHTTPHeaders: { 'X-Forwarded-For': '10.0.0.1' } });
    const made = await api.post('/api/v1/setup', { data: { ...owner, folders: [] } });
    if (!made.ok()) throw new Error(`the set-up was refused: ${await made.text()}`);
    drop(server.library, `${film} (2010).avi`);
    await titleOf(api, film);
    await api.dispose();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Starts a server with empty folders below `home`: the real one that MOVIFY_BIN names, else the mock. Its log is a file there. */
export async function launch(home: string, settings: Record<string, string> = {}): Promise<Server> {
  const library = join(home, 'library');
  const log = join(home, 'server.log');
  mkdirSync(library, { recursive: true });
  shareSpeeds(join(home, 'data'));
  const { program, args } = serve(join(home, 'data'), library);
  const out = openSync(log, 'w');
  const server = spawn(program, args, { stdio: ['ignore', out, out], env: { ...process.env, ...settings } });
  closeSync(out);
  try {
    return { base: await addressOf(server, log), library, log, stop: () => end(server) };
  } catch (error) {
    await end(server);
    throw error;
  }
}

/** Gives a server what the first one measured of this machine, which takes more processor time than the rest of a start. */
function shareSpeeds(data: string): void {
  const [first] = servers.all();
  if (!(first && process.env.MOVIFY_BIN)) return;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  copyFileSync(join(first.library, '../data/speeds.json'), join(data, 'speeds.json'));
}

function serve(data: string, library: string): { program: string; args: string[] } {
  const { MOVIFY_BIN: binary, MOVIFY_CLIP: clip, REQUIRE_ALL } = process.env;
  if (!binary) {
    if (REQUIRE_ALL) throw new Error('MOVIFY_BIN is not set: build the server first and name it');
    return { program: process.execPath, args: ['test/mock/server.mjs', '--fresh', '--registration', 'invite', '--library', library] };
  }
  if (!existsSync(binary)) throw new Error(`MOVIFY_BIN names ${binary}, which does not exist`);
  if (!(clip && existsSync(clip))) throw new Error('MOVIFY_CLIP must name a real clip, such as vtest.avi of opencv-doc');
  return { program: binary, args: ['serve', '--data', data, '--library', library, '--listen', '127.0.0.1:0'] };
}

/** Waits until the server says in its log where it listens. */
async function addressOf(server: ChildProcess, log: string): Promise<string> {
  const told = () => readFileSync(log, 'utf8');
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; ) {
    const [, base] = /(?:Movify is at|listening on) (http:\S+)/.exec(told()) ?? [];
    if (base) return base;
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode} before it listened:\n${told()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not say in 90 s where it listens:\n${told()}`);
}

async function end(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await ended;
}
