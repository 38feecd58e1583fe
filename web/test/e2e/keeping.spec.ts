import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, expectAccessible, newWord, openTitle, paint, ready, test, titleOf, wallOf } from './fixtures';

test.use({ account: 'owner' });

/** The colour in the middle of a picture, none before it is shown. */
function colour(img: Locator): Promise<number[]> {
  return img.evaluate((node) => {
    const shown = node as HTMLImageElement;
    if (!shown.complete || shown.naturalWidth === 0) return [];
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

/** A film with a genre, in a folder of its own. */
function paintGenre(library: string, film: string, year: number, genre: string, colour: string): void {
  const folder = join(library, `${film} (${year})`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'movie.nfo'), `<movie><title>${film}</title><year>${year}</year><genre>${genre}</genre></movie>`);
  paint(folder, `${film} (${year}).mkv`, colour);
}

test('a channel by rule is filled by itself, stands on the home page and leads to its films', async ({ page, place }) => {
  const [film, second, genre, channel] = [`${newWord()} Night`, `${newWord()} Night`, newWord(), `${newWord()} After Dark`];
  paintGenre(place.library, film, 2011, genre, 'navy');
  await titleOf(page.request, film);
  await page.goto('/admin/channels');
  await ready(page);
  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'New channel' });
  await dialog.getByLabel('Name', { exact: true }).fill(channel);
  await dialog.getByRole('button', { name: 'By rule' }).click();
  await dialog.getByLabel('Genres').fill(genre.toLowerCase());
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  const line = page
    .locator('[data-nav=row]')
    .filter({ has: page.getByRole('link', { name: channel }) })
    .last();
  await expect(line).toContainText(/By rule · 1 title/);

  await page.goto('/home');
  await ready(page);
  const row = page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name: channel, exact: true }) });
  await expect(row.getByRole('link')).toHaveCount(2); // the film, and the way to all there is
  await expect(row.getByRole('link', { name: film })).toBeVisible();
  await row.getByRole('link', { name: film }).scrollIntoViewIfNeeded();
  await expectAccessible(page);
  await page.getByRole('link', { name: channel }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: channel })).toBeVisible();
  await expect(page.getByRole('link', { name: film })).toBeVisible();

  await test.step('a film that comes later is in it by itself', async () => {
    paintGenre(place.library, second, 2012, genre, 'purple');
    await expect(page.getByRole('link', { name: second })).toBeVisible({ timeout: 90_000 });
  });
});

test('a poster that is uploaded is shown, and is taken away again', async ({ page, place }, info) => {
  const film = `${newWord()} Night`;
  paint(place.library, `${film} (2011).mkv`, 'navy');
  const poster = info.outputPath('poster.png');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'color=red:s=600x900', '-frames:v', '1', poster]);
  await titleOf(page.request, film);
  await openTitle(page, film);
  await page.getByRole('button', { name: 'Manage this title' }).click();
  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Pictures' });
  const slot = dialog.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Upload: Poster' }) });
  await expect(slot.locator('img')).toHaveCount(0);
  await dialog.getByTestId('picture-Poster').setInputFiles(poster);
  await expect.poll(() => red(slot.locator('img')), { message: 'the dialog shows the poster' }).toBe(true);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.goto(wallOf(film));
  const card = page.getByRole('link', { name: film });
  await expect.poll(() => red(card.locator('img').first()), { message: 'the wall shows the poster' }).toBe(true);

  await card.click();
  await page.getByRole('button', { name: 'Manage this title' }).click();
  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  await slot.getByRole('button', { name: 'Remove: Poster' }).click();
  await expect(slot.locator('img')).toHaveCount(0);
});
