import { aloneTest, expect, expectAccessible, onTitlePage, owner, paint, titleOf } from './fixtures';
import { recorded } from './recorded';
import { launch } from './server';

/** A server that asks a recorded TMDB. `asked` is what it asked for. */
const test = aloneTest.extend<{ tmdb: Awaited<ReturnType<typeof recorded>> }>({
  tmdb: async ({ folder }, use) => {
    const tmdb = await recorded(folder);
    await use(tmdb);
    tmdb.stop();
  },
  place: async ({ folder, tmdb }, use) => {
    const { stop, ...place } = await launch(folder, tmdb.settings);
    await use(place);
    await stop();
  },
});

test('a film with a wrong name is told which work it is, and stays it', async ({ page, place, tmdb }) => {
  const made = await page.request.post('/api/v1/setup', { data: { ...owner, folders: [] } });
  expect(made.status()).toBe(200);
  paint(place.library, 'Misnamed (2019).mkv', 'olive');
  await titleOf(page.request, 'Misnamed');
  await page.goto('/browse?kind=movie');
  await page.getByRole('link', { name: 'Misnamed' }).click();
  await onTitlePage(page, 'Misnamed');
  // Its name is asked for by itself, and nothing is known by it.
  await expect.poll(() => tmdb.asked, { message: 'the server looks for the name', timeout: 90_000 }).toContain('/3/search/movie');

  await test.step('by looking for its right name', async () => {
    await page.getByRole('button', { name: 'Manage this title' }).click();
    await page.getByRole('button', { name: 'Fix match' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fix match' });
    await expect(dialog).toContainText('Matched to Misnamed (2019).');
    await expect(dialog).toContainText('Nothing found.');
    await dialog.getByLabel('Name', { exact: true }).fill('lantern road');
    await dialog.getByRole('button', { name: 'Search' }).click();
    await expect(dialog).toContainText('A lamplighter walks north.');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Choose The Lantern Road' }).click();
    await expect(dialog).toHaveCount(0);
  });

  const described = async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'The Lantern Road' })).toBeVisible();
    await expect(page.getByText('A lamplighter walks north, one lamp at a time.')).toBeVisible();
    await expect(page.getByText('Per Holm')).toBeVisible();
  };
  await described();
  await expectAccessible(page);

  await test.step('with its poster', async () => {
    await page.goto('/browse?kind=movie');
    const poster = page.getByRole('link', { name: 'The Lantern Road' }).locator('img').first();
    await expect
      .poll(() => poster.evaluate((img: HTMLImageElement) => img.naturalWidth), { message: 'the poster is shown' })
      .toBeGreaterThan(0);
    await expect.poll(() => tmdb.asked.some((path) => path.endsWith('/lantern.jpg')), { message: 'the poster is fetched' }).toBe(true);
  });

  await test.step('and a scan does not undo it', async () => {
    const scan = async () => (await (await page.request.get('/api/v1/library')).json()).scan;
    const { finishedMs } = await scan();
    expect((await page.request.post('/api/v1/library/scan')).status()).toBe(202);
    await expect.poll(async () => (await scan()).finishedMs, { message: 'the scan ends', timeout: 90_000 }).toBeGreaterThan(finishedMs);
    await page.getByRole('link', { name: 'The Lantern Road' }).click();
    await described();
    await page.getByRole('button', { name: 'Manage this title' }).click();
    await expect(page.getByRole('dialog')).toContainText('an administrator');
  });
});
