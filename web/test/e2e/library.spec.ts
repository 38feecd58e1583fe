import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, expect, expectAccessible, expectMoving, paint, player, ready, signedIn as test } from './fixtures';

test('three episodes make a series, and the end of one offers the next', async ({ page }) => {
  const season = join(environment.get().library, 'Lantern Street', 'Season 01');
  mkdirSync(season, { recursive: true });
  for (const [number, colour] of ['teal', 'maroon', 'navy'].entries()) paint(season, `Lantern Street S01E0${number + 1}.mkv`, colour);

  await page.goto('/browse?kind=series');
  await expect(page.getByRole('link', { name: 'Lantern Street' })).toBeVisible({ timeout: 90_000 });
  await page.getByRole('link', { name: 'Lantern Street' }).click();
  await expect(page).toHaveURL(/\/series\//);
  await ready(page);
  const episodes = page.getByRole('main').getByRole('listitem');
  await expect(episodes).toHaveCount(3, { timeout: 90_000 });
  await expect(page.getByText('1 season')).toBeVisible();
  await expect(page.getByText('3 episodes')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Play S1:E1' }).click();
  await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
  await page.keyboard.press('9');
  const end = page.getByTestId('end');
  await expect(end).toContainText('S1:E2', { timeout: 90_000 });
  await expect(end).toContainText(/Next episode in \d+ second/);
  await expectAccessible(page);
  const first = page.url();
  await end.getByRole('button', { name: 'Play now' }).click();
  await expect(page).not.toHaveURL(first);
  await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
  // Past its first tenth an episode counts as begun.
  await page.keyboard.press('5');
  await expectMoving(page);

  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/series\//);
  await expect(page.getByRole('link', { name: /S1:E2|S1:E3/ })).toBeVisible();
});

test('a file that cannot be used is named with its reason, and can be tried again', async ({ page }) => {
  const { library } = environment.get();
  const name = 'Not a Film (2001).mkv';
  writeFileSync(join(library, name), 'These are words, not pictures.\n'.repeat(200));

  await page.goto('/admin');
  const panel = page.getByRole('region', { name: /^Needs attention/ });
  await expect(panel).toContainText(name, { timeout: 90_000 });
  await expect(panel).toContainText(/not a video/i);
  await expectAccessible(page);

  const answer = page.waitForResponse((response) => response.url().endsWith('/retry') && response.request().method() === 'POST');
  await panel.getByRole('button', { name: 'Try again' }).click();
  expect((await answer).status()).toBe(202);
  // It is still no film: the reason stays.
  await expect(panel).toContainText(/not a video/i);
});
