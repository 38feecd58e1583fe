import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, expectMoving, expectPlaying, newWord, openTitle, paint, test, titleOf } from './fixtures';

test.describe('a series', () => {
  test.use({ account: 'member' });

  test('three episodes make a series, and the end of one offers the next', async ({ page, place }) => {
    const series = `${newWord()} Street`;
    const season = join(place.library, series, 'Season 01');
    mkdirSync(season, { recursive: true });
    for (const [number, colour] of ['teal', 'maroon', 'navy'].entries()) paint(season, `${series} S01E0${number + 1}.mkv`, colour);

    await titleOf(page.request, series, 'series');
    await openTitle(page, series);
    const episodes = page.getByRole('main').getByRole('listitem');
    await expect(episodes).toHaveCount(3, { timeout: 90_000 });
    await expect(page.getByText('1 season')).toBeVisible();
    await expect(page.getByText('3 episodes')).toBeVisible();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Play S1:E1' }).click();
    await expectPlaying(page);
    await page.keyboard.press('9');
    const end = page.getByTestId('end');
    await expect(end).toContainText('S1:E2', { timeout: 90_000 });
    await expect(end).toContainText(/Next episode in \d+ second/);
    // The next one begins by itself while the page is looked at, on a machine that is slow enough.
    await end.getByRole('button', { name: 'Cancel' }).click();
    await expectAccessible(page);
    const first = page.url();
    await end.getByRole('button', { name: 'Play now' }).click();
    await expect(page).not.toHaveURL(first);
    await expectPlaying(page);
    // Past its first tenth an episode counts as begun.
    await page.keyboard.press('5');
    await expectMoving(page);

    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/\/series\//);
    await expect(page.getByRole('link', { name: /S1:E2|S1:E3/ })).toBeVisible();
  });
});

test.describe('a file', () => {
  test.use({ account: 'owner' });

  test('a file that cannot be used is named with its reason, and can be tried again', async ({ page, place }) => {
    const name = `${newWord()} (2001).mkv`;
    writeFileSync(join(place.library, name), 'These are words, not pictures.\n'.repeat(200));

    await page.goto('/admin');
    const panel = page.getByRole('region', { name: /^Needs attention/ });
    const line = panel.locator('[data-nav=row]').filter({ hasText: name });
    await expect(line).toContainText(/not a video/i, { timeout: 90_000 });
    await expectAccessible(page);

    const answer = page.waitForResponse((response) => response.url().endsWith('/retry') && response.request().method() === 'POST');
    await line.getByRole('button', { name: 'Try again' }).click();
    expect((await answer).status()).toBe(202);
    // It is still no film: the reason stays.
    await expect(line).toContainText(/not a video/i);
  });
});
