import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { environment, expect, expectAccessible, paint, ready, signedIn as test } from './fixtures';

const film = 'Copper Night';

/** The colour in the middle of a picture that is shown. */
function colour(img: Locator): Promise<number[]> {
  return img.evaluate((node) => {
    const shown = node as HTMLImageElement;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const paper = canvas.getContext('2d') as CanvasRenderingContext2D;
    paper.drawImage(shown, shown.naturalWidth / 2, shown.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...paper.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  });
}

const red = async (img: Locator) => {
  const [r = 0, g = 0, b = 0] = await colour(img);
  return r > 200 && g < 60 && b < 60;
};

test.beforeAll(() => {
  const folder = join(environment.get().library, `${film} (2011)`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'movie.nfo'), `<movie><title>${film}</title><year>2011</year><genre>Nocturne</genre></movie>`);
  paint(folder, `${film} (2011).mkv`, 'navy');
});

test('a channel by rule is filled by itself, stands on the home page and leads to its films', async ({ page }) => {
  await page.goto('/browse?kind=movie');
  await expect(page.getByRole('link', { name: film })).toBeVisible({ timeout: 90_000 });
  await page.goto('/admin/channels');
  await ready(page);
  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'New channel' });
  await dialog.getByLabel('Name', { exact: true }).fill('After Dark');
  await dialog.getByRole('button', { name: 'By rule' }).click();
  await dialog.getByLabel('Genres').fill('nocturne');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'After Dark' })).toBeVisible();
  await expect(page.getByText(/By rule · 1 title/)).toBeVisible();

  await page.goto('/home');
  await ready(page);
  const row = page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name: 'After Dark', exact: true }) });
  await expect(row.getByRole('link')).toHaveCount(2); // the film, and the way to all there is
  await expect(row.getByRole('link', { name: film })).toBeVisible();
  await row.getByRole('link', { name: film }).scrollIntoViewIfNeeded();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'After Dark' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'After Dark' })).toBeVisible();
  await expect(page.getByRole('link', { name: film })).toBeVisible();

  await test.step('a film that comes later is in it by itself', async () => {
    const folder = join(environment.get().library, 'Second Night (2012)');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'movie.nfo'), '<movie><title>Second Night</title><genre>Nocturne</genre></movie>');
    paint(folder, 'Second Night (2012).mkv', 'purple');
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole('link', { name: 'Second Night' })).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 90_000 });
  });
});

test('a poster that is uploaded is shown, and is taken away again', async ({ page }, info) => {
  const poster = info.outputPath('poster.png');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'color=red:s=600x900', '-frames:v', '1', poster]);
  await page.goto('/browse?kind=movie');
  const card = page.getByRole('link', { name: film });
  await expect(card).toBeVisible({ timeout: 90_000 });
  await card.click();
  await page.getByRole('button', { name: 'Manage this title' }).click();
  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Pictures' });
  const slot = dialog.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Upload: Poster' }) });
  await expect(slot.locator('img')).toHaveCount(0);
  await dialog.getByTestId('picture-Poster').setInputFiles(poster);
  await expect.poll(() => red(slot.locator('img'))).toBe(true);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.goto('/browse?kind=movie');
  await expect.poll(() => red(card.locator('img').first())).toBe(true);

  await card.click();
  await page.getByRole('button', { name: 'Manage this title' }).click();
  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  await slot.getByRole('button', { name: 'Take away: Poster' }).click();
  await expect(slot.locator('img')).toHaveCount(0);
});
