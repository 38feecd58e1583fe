import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, newWord, openTitle, ready, test, titleOf } from './fixtures';

test.use({ account: 'owner' });

const nfo = (film: string) => `<?xml version="1.0" encoding="UTF-8"?>
<movie>
  <title>${film}</title>
  <year>1994</year>
  <plot>A harbour pilot counts the ships that never come back.</plot>
  <tagline>Every tide keeps a list.</tagline>
  <genre>Drama</genre>
  <genre>Mystery</genre>
  <studio>Lantern Pictures</studio>
  <director>Ruth Cole</director>
  <actor><name>Ana Duarte</name><role>Nora</role></actor>
</movie>
`;

/** A film with a description and pictures beside it, in a folder of its own. */
function describe(library: string, film: string): void {
  const folder = join(library, `${film} (1994)`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'movie.nfo'), nfo(film));
  const ffmpeg = (...rest: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', ...rest]);
  ffmpeg('-i', 'color=teal:s=400x600', '-frames:v', '1', join(folder, 'poster.jpg'));
  ffmpeg('-i', 'gradients=s=1280x720:c0=navy:c1=teal:x0=0:y0=0:x1=1280:y1=720', '-frames:v', '1', join(folder, 'fanart.jpg'));
  const part = join(folder, '.clip.part');
  ffmpeg('-i', 'testsrc=s=320x180:r=24:d=4', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-f', 'matroska', part);
  renameSync(part, join(folder, `${film} (1994).mkv`));
}

test('what a description says is on the page, leads on, and can be changed by hand for good', async ({ page, place }) => {
  const film = `${newWord()} Harbour`;
  describe(place.library, film);
  await titleOf(page.request, film);
  await openTitle(page, film);
  await expect(page.getByText('Every tide keeps a list.')).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('A harbour pilot counts the ships')).toBeVisible();
  await expectAccessible(page);

  await test.step('an administrator edits it, with the source of each field beside it', async () => {
    await page.getByRole('button', { name: 'Manage this title' }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit' });
    await expect(dialog.getByLabel('Genres')).toHaveValue('Drama, Mystery');
    await dialog.getByLabel('Tagline').fill('The sea remembers.');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText('The sea remembers.')).toBeVisible();
  });

  await test.step('and takes it back again', async () => {
    await page.getByRole('button', { name: 'Manage this title' }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit' });
    await dialog.getByRole('button', { name: 'Automatic' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText('Every tide keeps a list.')).toBeVisible();
  });
});

test('the administrator sees how folders are watched and what a scan would do', async ({ page }) => {
  await page.goto('/admin/library');
  await ready(page);
  const root = page.getByTestId('root');
  await expect(root).toContainText('There');
  await expectAccessible(page);
  await root.getByRole('button', { name: /^Watching:/ }).click();
  const watching = page.getByRole('dialog', { name: 'Watching' });
  await expect(watching.getByRole('button', { name: 'Automatic', pressed: true })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'What would a scan do?' }).click();
  await expect(page.getByTestId('preview')).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
});
