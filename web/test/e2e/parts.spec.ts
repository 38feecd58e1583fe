import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import {
  answerTo,
  expect,
  expectAccessible,
  expectMoving,
  expectPlaying,
  newWord,
  openTitle,
  paint,
  picture,
  player,
  test,
  titleOf,
} from './fixtures';

test.use({ account: 'member' });

/** How long each part is: long enough that on a busy machine none ends by itself while it is looked at. */
const seconds = 30;

/** Waits for the playback that the page asks for next. */
async function asked(page: Page) {
  return (await (await answerTo(page, 'POST', '/sessions')).json()) as {
    part?: number;
    parts?: number;
    startMs: number;
    beforeMs: number;
    wholeMs: number;
  };
}

test('a film in two parts goes on by itself, and is resumed in the part where it was left', async ({ page, place }) => {
  const name = `${newWord()} Line`;
  const folder = join(place.library, `${name} (2003)`);
  mkdirSync(folder);
  paint(folder, `${name} (2003) cd1.mkv`, 'teal', seconds);
  paint(folder, `${name} (2003) cd2.mkv`, 'maroon', seconds);
  await titleOf(page.request, name);
  await openTitle(page, name);
  await expect(page.getByTestId('versions').getByRole('link')).toHaveCount(2, { timeout: 90_000 });
  await expect(page.getByTestId('versions')).toContainText('Part 2 of 2');

  await test.step('from the first to the second', async () => {
    const first = asked(page);
    await page.getByRole('link', { name: 'Play', exact: true }).click();
    expect(await first).toMatchObject({ part: 1, parts: 2, startMs: 0, beforeMs: 0 });
    await expectPlaying(page);
    const address = page.url();
    const second = asked(page);
    await page.keyboard.press('9');
    const { part, startMs, beforeMs, wholeMs } = await second;
    expect({ part, startMs }).toEqual({ part: 2, startMs: 0 });
    expect(Math.abs(beforeMs - seconds * 1000)).toBeLessThan(500);
    expect(Math.abs(wholeMs - 2 * seconds * 1000)).toBeLessThan(1000);
    await expectPlaying(page);
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
    const far = async () => {
      const [, minute, second] = /(\d+):(\d+)/.exec((await resume.textContent()) ?? '') ?? [];
      return Math.abs(Number(minute) * 60 + Number(second) - (seconds + left));
    };
    await expect.poll(far, { message: 'the page offers to go on where it was left' }).toBeLessThan(2);
    await expectAccessible(page);
    const again = asked(page);
    await resume.click();
    const { part, startMs } = await again;
    expect(part).toBe(2);
    expect(Math.abs(startMs / 1000 - left)).toBeLessThan(2);
    await expectPlaying(page);
    expect((await picture(page)).time).toBeGreaterThan(left - 3);
  });

  await test.step('the end of the last part is the end', async () => {
    await page.keyboard.press('9');
    await expect(page.getByTestId('end')).toBeVisible({ timeout: 90_000 });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: 'Play', exact: true })).toBeVisible();
  });
});
