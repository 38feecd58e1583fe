import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, test as base, expect, type Locator, type Page, type Response } from '@playwright/test';
import { register } from './members';

/** A running server: its address, the folder it watches and the file with what it printed. */
export interface Place {
  base: string;
  library: string;
  log: string;
}

/** The workers' servers. The global setup starts them in another process, so their places travel in the environment. */
export const servers = {
  tell(places: Place[]): void {
    process.env.MOVIFY_E2E = JSON.stringify(places.map(({ base, library, log }) => ({ base, library, log })));
  },
  all(): Place[] {
    return JSON.parse(process.env.MOVIFY_E2E ?? '[]') as Place[];
  },
  /** The one of this worker. A worker that follows another after a failure has the same. */
  own(): Place {
    const place = servers.all()[Number(process.env.TEST_PARALLEL_INDEX)];
    if (!place) throw new Error('the global setup did not run');
    return place;
  },
};

export const owner = { name: 'Camille', email: 'camille@example.org', password: 'seven green lanterns' };
export const film = 'The Crossing';
export const api = '/api/v1';

interface Fixtures {
  /** who is signed in: the owner, or a member of the test's own, who has watched and searched nothing yet */
  account: 'owner' | 'member' | 'nobody';
  place: Place;
  /** asks the server in the owner's name, whoever is signed in in the page */ ownerApi: APIRequestContext;
  /** keeps what the server printed during a test that fails */ serverLog: undefined;
}

export const test = base.extend<Fixtures>({
  account: ['nobody', { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  place: async ({}, use) => use(servers.own()),
  baseURL: async ({ place }, use) => use(place.base),
  // Each test comes from an address of its own: what one typed wrong, and how many registered, is not held against the next.
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  extraHTTPHeaders: async ({}, use) =>
    use({ 'X-Forwarded-For': `10.${Array.from({ length: 3 }, () => Math.floor(Math.random() * 256)).join('.')}` }),
  ownerApi: async ({ place, playwright, extraHTTPHeaders }, use) => {
    const context = await playwright.request.newContext({ baseURL: place.base, extraHTTPHeaders });
    await signInByApi(context, owner);
    await use(context);
    await context.dispose();
  },
  storageState: async ({ account, place, playwright, ownerApi, extraHTTPHeaders }, use) => {
    if (account === 'nobody') return use({ cookies: [], origins: [] });
    // The mock knows one account.
    if (account === 'owner' || !process.env.MOVIFY_BIN) return use(await ownerApi.storageState());
    const context = await playwright.request.newContext({ baseURL: place.base, extraHTTPHeaders });
    await register(ownerApi, context, 'Robin');
    await use(await context.storageState());
    await context.dispose();
  },
  serverLog: [
    async ({ place }, use, info) => {
      const before = statSync(place.log).size;
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      const path = info.outputPath('server.log');
      writeFileSync(path, readFileSync(place.log).subarray(before));
      info.attachments.push({ name: 'server log', contentType: 'text/plain', path });
    },
    { auto: true },
  ],
});

export { expect };

/** For a test with a server of its own, below a folder that goes when the test is over. Nobody is known there yet. */
export const aloneTest = test.extend<{ folder: string }>({
  storageState: { cookies: [], origins: [] },
  // Its server trusts no proxy, and takes a set-up from this machine alone: a forwarded request is refused.
  extraHTTPHeaders: {},
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'movify-e2e-own-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

export async function signInByApi(context: APIRequestContext, { email, password }: { email: string; password: string }): Promise<void> {
  const answer = await context.post(`${api}/auth/sign-in`, { data: { email, password, remember: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/**
 * A word that nothing on the server has: what a test makes is named with it, so that neither another test nor the same one
 * again, on the same server, stands in its way.
 */
export function newWord(): string {
  const one = (letters: string) => letters[Math.floor(Math.random() * letters.length)] ?? '';
  const word = Array.from({ length: 4 }, () => one('bdfgklmnprtvz') + one('aeiou')).join('');
  return (word[0] ?? '').toUpperCase() + word.slice(1);
}

/** Puts a clip into the library the way a careful copy does: under another name first, then renamed. */
export function drop(library: string, name: string): void {
  const clip = process.env.MOVIFY_CLIP;
  const part = join(library, `.${name}.part`);
  if (clip) copyFileSync(clip, part);
  else writeFileSync(part, 'the mock reads names only');
  renameSync(part, join(library, name));
}

/** Paints a short film of one colour with a tone, under a hidden name until it is whole. */
export function paint(folder: string, name: string, colour: string, seconds = 6): void {
  const part = join(folder, `.${name}.part`);
  const picture = `color=${colour}:s=320x180:r=24:d=${seconds}`;
  const sound = `sine=frequency=220:duration=${seconds}`;
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'matroska'];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, ...encode, part]);
  renameSync(part, join(folder, name));
}

interface Title {
  id: string;
  name: string;
  kind: string;
  playable: boolean;
}

/** Waits until a title of that name can be played and found by it; asked by whoever may see it. */
export async function titleOf(request: APIRequestContext, name: string, kind = 'movie'): Promise<Title> {
  let found: Title | undefined;
  await expect
    .poll(
      async () => {
        const answer = await request.get(`${api}/titles`, { params: { q: name, kind } });
        const { items } = (await answer.json()) as { items: Title[] };
        found = items.find((one) => one.name === name);
        return found?.playable;
      },
      { message: `${name} can be played`, timeout: 90_000 },
    )
    .toBe(true);
  return found as Title;
}

/** The wall, narrowed to titles of that name: a server that many tests have used has more than are drawn. */
export function wallOf(name: string): string {
  return `/browse?q=${encodeURIComponent(name)}`;
}

/** Opens the page of a film from the wall. */
export async function openTitle(page: Page, name: string): Promise<void> {
  await page.goto(wallOf(name));
  await page.getByRole('link', { name }).click();
  await onTitlePage(page, name);
}

/** The page of that title stands, and no longer the one that led to it. */
export async function onTitlePage(page: Page, name: string): Promise<void> {
  await expect(page).toHaveURL(/\/(title|series)\//);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await ready(page);
}

/** Begins to wait for the answer to a call of the page. Must be called before whatever makes the page ask. */
export function answerTo(page: Page, method: string, path: string): Promise<Response> {
  const seen = page.waitForResponse((r) => new URL(r.url()).pathname === api + path && r.request().method() === method, {
    timeout: 90_000,
  });
  return seen.catch((error: Error) => {
    throw new Error(`the page did not call ${method} ${path}, or had no answer: ${error.message}`);
  });
}

/** The link on a film's page that plays it from its beginning, whoever has seen it before. */
export function fromStart(page: Page): Locator {
  return page.getByRole('link', { name: /^(Play|Start over)$/ });
}

export function player(page: Page): Locator {
  return page.getByTestId('player');
}

export async function expectPlaying(page: Page): Promise<void> {
  await expect(player(page), 'the film plays').toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
}

/** What the video element itself says: where it is and how many pictures it has decoded. */
export function picture(page: Page): Promise<{ time: number; frames: number }> {
  return page.locator('video').evaluate((video: HTMLVideoElement) => ({
    time: video.currentTime,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
  }));
}

/** The picture moves: time passes and pictures are decoded, starting from what is seen now. */
export async function expectMoving(page: Page): Promise<void> {
  const before = await picture(page);
  await expect
    .poll(async () => (await picture(page)).time, { timeout: 90_000, message: 'the time does not advance' })
    .toBeGreaterThan(before.time + 0.6);
  await expect
    .poll(async () => (await picture(page)).frames, { timeout: 30_000, message: 'no pictures are decoded' })
    .toBeGreaterThan(before.frames + 5);
}

export async function ready(page: Page): Promise<void> {
  await expect(page.locator('main[data-ready]'), 'the page has what it shows').toBeVisible();
}

/** No serious or critical accessibility problem on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // Stale lists are drawn at half opacity until the next answer, and an animation passes through weaker contrasts.
  await expect(page.locator('[data-stale]'), 'nothing stale is shown').toHaveCount(0);
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter(({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
  // Legacy mode evaluates in the page itself and not in a second one; no page here has frames, which that would be for.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
