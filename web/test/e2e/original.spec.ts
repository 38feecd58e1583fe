import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { api, expect, expectAccessible, expectMoving, expectPlaying, newWord, player, test, titleOf } from './fixtures';

// What plays is new to every profile, and what a device remembers is in a browser of the test's own.
test.use({ account: 'member' });

const lines = 360;

/** Makes a film that every browser with H.264 plays as it is: key frames every two seconds, B-frames, a steady bit rate. */
function film(folder: string, name: string, seconds: number, kilobits: number): void {
  const part = join(folder, `.${name}.part`);
  const picture = `testsrc2=s=640x${lines}:r=25:d=${seconds}`;
  const video = ['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-g', '50', '-b:v', `${kilobits}k`];
  const steady = [
    '-maxrate',
    `${kilobits}k`,
    '-bufsize',
    `${kilobits}k`,
    '-c:a',
    'aac',
    '-b:a',
    '64k',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
  ];
  const sound = `sine=frequency=330:duration=${seconds}`;
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-f',
    'lavfi',
    '-i',
    picture,
    '-f',
    'lavfi',
    '-i',
    sound,
    ...video,
    ...steady,
    part,
  ]);
  renameSync(part, join(folder, `${name} (2012).mp4`));
}

/** Notes the media that a page asks for, without the token. */
function noteMedia(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const [, path] = /\/media\/[^/]+\/(.*)/.exec(request.url()) ?? [];
    if (path && !path.startsWith('art/')) asked.push(path);
  });
  return asked;
}

/**
 * Begins to compare the position with the clock; gives the most that was skipped or shown again so far, in seconds. How long the
 * picture stands still is for a measurement on a machine that does nothing else.
 */
async function watchPosition(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const seen = { at: performance.now(), position: video.currentTime, most: 0 };
    Object.assign(window, { seen });
    const note = () => {
      requestAnimationFrame(note);
      // While a stream is replaced the element has no position.
      if (video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
      const [now, position] = [performance.now(), video.currentTime];
      const passed = ((now - seen.at) / 1000) * video.playbackRate;
      seen.most = Math.max(seen.most, position - seen.position - passed, seen.position - position);
      Object.assign(seen, { at: now, position });
    };
    note();
  });
  return () => page.evaluate(() => (window as unknown as { seen: { most: number } }).seen.most);
}

test('a film that the browser plays starts as it is, without an encoder, and the menu changes to a rung and back', async ({
  page,
  place,
  ownerApi,
}) => {
  const name = `${newWord()} Untouched`;
  film(place.library, name, 30, 800);
  const { id } = await titleOf(ownerApi, name);
  const asked = noteMedia(page);
  await page.goto(`/watch/${id}`);
  await expectPlaying(page);
  await expectMoving(page);
  await expect(player(page)).toHaveAttribute('data-way', 'original');
  expect(asked.filter((path) => !path.startsWith('original/'))).toEqual([]);
  const { running } = (await (await ownerApi.get(`${api}/jobs`)).json()) as { running: { titleId: string; class: string }[] };
  expect(running.filter((job) => job.titleId === id && job.class === 'jit')).toEqual([]);

  const skipped = await watchPosition(page);
  await page.keyboard.press('>');
  await page.keyboard.press('s');
  const menu = page.getByRole('radiogroup', { name: 'Quality' });
  await expect(menu.getByRole('radio', { name: 'Auto · Original' })).toBeChecked();
  await expect(menu.getByRole('radio', { name: new RegExp(`^Original ${lines}p · 0\\.\\d`) })).not.toBeChecked();
  await expectAccessible(page);
  const rung = menu.getByRole('radio', { name: `${lines}p` }).last();
  await rung.click();
  await expect(player(page)).toHaveAttribute('data-way', 'ladder');
  await expect(rung).toBeChecked();
  await expect(player(page)).toHaveAttribute('data-level', String(lines), { timeout: 90_000 });
  await menu.getByRole('radio', { name: /^Original/ }).click();
  await expect(player(page)).toHaveAttribute('data-way', 'original');
  await page.keyboard.press('Escape');
  await expectMoving(page);
  await expect(page.locator('video')).toHaveJSProperty('playbackRate', 1.25);
  expect(await skipped(), 'no more than a second is skipped').toBeLessThan(1);
  await page.keyboard.press('i');
  await expect(page.getByTestId('stats')).toContainText('Chosen by you');
});

test('a slow connection leads to the ladder before the film stalls, and a fast one back', async ({ page, place, ownerApi }) => {
  const name = `${newWord()} Narrows`;
  film(place.library, name, 170, 3000);
  const { id } = await titleOf(ownerApi, name);
  const network = await page.context().newCDPSession(page);
  const limit = (kilobits: number) => {
    const bytes = kilobits < 0 ? -1 : kilobits * 125;
    const conditions = { offline: false, latency: 20, downloadThroughput: bytes, uploadThroughput: bytes };
    return network.send('Network.emulateNetworkConditions', conditions);
  };
  await page.goto('/');
  await network.send('Network.enable');
  // So fast that it plays, and so slow that its end is not loaded before the test goes on.
  await limit(9000);
  await page.goto(`/watch/${id}`);
  await expectPlaying(page);
  await expectMoving(page);
  await expect(player(page)).toHaveAttribute('data-way', 'original');
  await expect.poll(async () => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(6);
  const skipped = await watchPosition(page);
  await limit(1550);
  await expect(player(page)).toHaveAttribute('data-way', 'ladder', { timeout: 60_000 });
  await page.keyboard.press('i');
  await expect(page.getByTestId('stats')).toContainText('too slow for the original');
  await expect(player(page), 'the ladder is shown').not.toHaveAttribute('data-level', '', { timeout: 90_000 });
  expect(await skipped(), 'no more than a second is skipped').toBeLessThan(1);
  await limit(-1);
  await expect(player(page)).toHaveAttribute('data-way', 'original', { timeout: 100_000 });
  await expectMoving(page);
  expect(await skipped(), 'no more than a second is skipped').toBeLessThan(1);
});

test('a codec that the browser lacks starts on the ladder', async ({ page, place, ownerApi }) => {
  const name = `${newWord()} Foreign`;
  film(place.library, name, 8, 400);
  const { id } = await titleOf(ownerApi, name);
  await page.addInitScript(() => {
    const asked = MediaSource.isTypeSupported;
    // The rungs are High up to level 4: this browser says that it has Baseline alone, to the server and not to hls.js.
    MediaSource.isTypeSupported = (type) =>
      !/^video\/mp4; codecs="avc1\.(4D|64|6E)00(1F|28|29|2A|33|34)"$|4D4029/.test(type) && asked.call(MediaSource, type);
  });
  const asked = noteMedia(page);
  await page.goto(`/watch/${id}`);
  await expectPlaying(page);
  await expect(player(page)).toHaveAttribute('data-way', 'ladder');
  expect(asked.filter((path) => path.startsWith('original/'))).toEqual([]);
  await page.keyboard.press('i');
  await expect(page.getByTestId('stats')).toContainText('this browser cannot play');
});

test('a decoder error leads to the ladder by itself, and the device remembers', async ({ page, place, ownerApi }) => {
  const name = `${newWord()} Cracked`;
  film(place.library, name, 20, 800);
  const { id } = await titleOf(ownerApi, name);
  await page.route(/\/original\/v\w+\/0000[2-9]\.m4s/, async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    // The boxes stay, the pictures in them do not.
    for (let at = 3000; at < body.length; at += 1) body[at] = (at * 7919) & 255;
    await route.fulfill({ response: answer, body });
  });
  await page.goto(`/watch/${id}?start=0`);
  await expect(player(page)).toHaveAttribute('data-way', 'ladder', { timeout: 60_000 });
  await expectPlaying(page);
  await expectMoving(page);
  await page.keyboard.press('i');
  await expect(page.getByTestId('stats')).toContainText('could not play the original');
  await page.reload();
  await expectPlaying(page);
  await expect(player(page)).toHaveAttribute('data-way', 'ladder');
});
