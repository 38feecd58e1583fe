import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectMoving, expectPlaying, film, fromStart, openTitle, picture, player, test } from './fixtures';

// The film is new to every profile.
test.use({ account: 'member' });

async function playFromStart(page: Page): Promise<void> {
  await openTitle(page, film);
  await fromStart(page).click();
  await expectPlaying(page);
}

test('the keyboard does everything', async ({ page }) => {
  await playFromStart(page);
  await expectMoving(page);

  await page.keyboard.press('k');
  await expect(player(page)).toHaveAttribute('data-state', 'paused');
  const before = (await picture(page)).time;
  await page.keyboard.press('l');
  await page.keyboard.press('l');
  await expect.poll(async () => (await picture(page)).time, { message: 'two steps forward' }).toBeGreaterThan(before + 19);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await picture(page)).time, { message: 'one step back' }).toBeLessThan(before + 11);

  const video = page.locator('video');
  await page.keyboard.press('m');
  await expect(video).toHaveJSProperty('muted', true);
  await page.keyboard.press('>');
  await expect(video).toHaveJSProperty('playbackRate', 1.25);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('i');
  await expect(page.getByTestId('stats')).toContainText('hls.js');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press(' ');
  await expect(player(page)).toHaveAttribute('data-state', 'playing');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/title/);
});

test('the quality menu lists what exists and switches to it', async ({ page }) => {
  await playFromStart(page);
  await page.keyboard.press('s');
  const menu = page.getByRole('radiogroup', { name: 'Quality' });
  await expect(menu.getByRole('radio', { name: /^Auto/ })).toBeChecked();
  await expectAccessible(page);

  const rungs = menu.getByRole('radio').filter({ hasText: /^\d+p/ });
  const heights = (await rungs.allInnerTexts()).map((text) => Number.parseInt(text, 10));
  const playlist = await page.evaluate(async () => {
    const address = performance.getEntriesByType('resource').find(({ name }) => name.includes('/multivariant.m3u8'))?.name ?? '';
    return (await fetch(address.replace(/original\/multivariant.*/, 'multivariant.m3u8'))).text();
  });
  const listed = [...playlist.matchAll(/RESOLUTION=\d+x(\d+)/g)].map(([, height]) => Number(height));
  expect(heights).toEqual([...new Set(listed)].sort((a, b) => b - a));

  await rungs.last().click();
  await expect(rungs.last()).toBeChecked();
  await expect(player(page)).toHaveAttribute('data-level', String(heights.at(-1)), { timeout: 90_000 });
  await page.keyboard.press('Escape');
  await expectMoving(page);
});

test('it goes on where it was left', async ({ page }) => {
  await playFromStart(page);
  await page.keyboard.press('5');
  await expectMoving(page);
  await page.keyboard.press('k');
  await expect(player(page)).toHaveAttribute('data-state', 'paused');
  const left = (await picture(page)).time;
  await page.keyboard.press('Escape');
  const resume = page.getByRole('link', { name: /^Resume/ });
  const far = async () => {
    const [, minute, second] = /(\d+):(\d+)/.exec((await resume.textContent()) ?? '') ?? [];
    return Math.abs(Number(minute) * 60 + Number(second) - left);
  };
  await expect.poll(far, { message: 'the page offers to go on where it was left' }).toBeLessThan(2);
  await resume.click();
  await expectPlaying(page);
  await expect.poll(async () => (await picture(page)).time, { message: 'the picture is where it was left' }).toBeGreaterThan(left - 3);
  expect((await picture(page)).time).toBeLessThan(left + 20);
});

test('a title that does not exist is refused in place, with its code', async ({ page }) => {
  await page.goto('/watch/01999999-0000-7000-8000-000000000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('fault-code')).toHaveText('title_not_found');
});
