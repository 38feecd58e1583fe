import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { environment, expect, expectAccessible, expectMoving, paint, picture, player, signedIn as test } from './fixtures';

const name = 'Tide Line';
const seconds = 14;

/** Waits for the playback that the page asks for next. */
async function asked(page: Page) {
  const answer = await page.waitForResponse((r) => r.url().endsWith('/api/v1/sessions') && r.request().method() === 'POST');
  return (await answer.json()) as { part?: number; parts?: number; startMs: number; beforeMs: number; wholeMs: number };
}

test('a film in two parts goes on by itself, and is resumed in the part where it was left', async ({ page }) => {
  const folder = join(environment.get().library, `${name} (2003)`);
  mkdirSync(folder);
  paint(folder, `${name} (2003) cd1.mkv`, 'teal', seconds);
  paint(folder, `${name} (2003) cd2.mkv`, 'maroon', seconds);
  await page.goto('/browse?kind=movie');
  await page.getByRole('link', { name }).click({ timeout: 90_000 });
  await expect(page.getByTestId('versions').getByRole('link')).toHaveCount(2, { timeout: 90_000 });
  await expect(page.getByTestId('versions')).toContainText('Part 2 of 2');

  await test.step('from the first to the second', async () => {
    const first = asked(page);
    await page.getByRole('link', { name: 'Play', exact: true }).click();
    expect(await first).toMatchObject({ part: 1, parts: 2, startMs: 0, beforeMs: 0 });
    await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
    const address = page.url();
    const second = asked(page);
    await page.keyboard.press('9');
    const { part, startMs, beforeMs, wholeMs } = await second;
    expect({ part, startMs }).toEqual({ part: 2, startMs: 0 });
    expect(Math.abs(beforeMs - seconds * 1000)).toBeLessThan(500);
    expect(Math.abs(wholeMs - 2 * seconds * 1000)).toBeLessThan(1000);
    await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
    expect(page.url()).toBe(address);
    await expect(page.getByTestId('end')).toHaveCount(0);
    await expectMoving(page);
  });

  await test.step('and back to where it was left', async () => {
    await page.keyboard.press('5');
    await expectMoving(page);
    await page.keyboard.press('k');
    await expect(player(page)).toHaveAttribute('data-state', 'paused');
    const left = (await picture(page)).time;
    expect(left).toBeGreaterThan(seconds / 2 - 1);
    await page.keyboard.press('Escape');
    const resume = page.getByRole('link', { name: /^Resume/ });
    // The page counts from the beginning of the film.
    await expect(resume).toContainText(/0:2\d/);
    await expectAccessible(page);
    const again = asked(page);
    await resume.click();
    const { part, startMs } = await again;
    expect(part).toBe(2);
    expect(Math.abs(startMs / 1000 - left)).toBeLessThan(2);
    await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
    expect((await picture(page)).time).toBeGreaterThan(left - 3);
  });

  await test.step('the end of the last part is the end', async () => {
    await page.keyboard.press('9');
    await expect(page.getByTestId('end')).toBeVisible({ timeout: 90_000 });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: 'Play', exact: true })).toBeVisible();
  });
});
