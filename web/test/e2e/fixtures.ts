import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';

interface Environment {
  base: string;
  library: string;
  /** the signed-in cookies, written by the first-run spec */ state: string;
}

/** What the global setup tells the workers; they are other processes, so it travels in the environment. */
export const environment = {
  set(value: Environment): void {
    process.env.MOVIFY_E2E = JSON.stringify(value);
  },
  get(): Environment {
    const text = process.env.MOVIFY_E2E;
    if (!text) throw new Error('the global setup did not run');
    return JSON.parse(text) as Environment;
  },
};

export const owner = { name: 'Camille', email: 'camille@example.org', password: 'seven green lanterns' };
export const film = 'The Crossing';

export const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  baseURL: async ({}, use) => use(environment.get().base),
});

export const signedIn = test.extend({
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  storageState: async ({}, use) => use(environment.get().state),
});

export { expect };

/** Puts a clip into the library the way a careful copy does: under another name first, then renamed. */
export function drop(name: string): void {
  const { library } = environment.get();
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

export function player(page: Page): Locator {
  return page.getByTestId('player');
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
  await page.locator('main[data-ready]').waitFor();
}

/** No serious or critical accessibility problem on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
