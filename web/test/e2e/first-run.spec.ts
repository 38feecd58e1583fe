import { aloneTest, drop, expect, expectAccessible, expectMoving, expectPlaying, film, owner, picture } from './fixtures';
import { launch } from './server';

/** An empty server with the settings that everybody gets. */
const test = aloneTest.extend({
  place: async ({ folder }, use) => {
    const { stop, ...place } = await launch(folder);
    await use(place);
    await stop();
  },
});

test('from an empty server to a moving picture while the ladder is unfinished', async ({ page, place }) => {
  await page.goto('/');

  await test.step('the wizard asks language, account, folder and when films are prepared', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Movify' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Begin' }).click();

    await page.getByLabel('Your name').fill(owner.name);
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('Use at least 10 characters.')).toBeVisible();
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Continue' }).click();

    await expect(page.getByTestId('folder')).not.toBeEmpty();
    await expectAccessible(page);
    // The folder was given on the command line.
    await page.getByRole('button', { name: 'Finish without a folder' }).click();

    await expect(page.getByRole('heading', { level: 1, name: 'When shall films be prepared?' })).toBeVisible();
    await expect(page.getByTestId('ladder-when_watched')).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByTestId('ladder-when_watched')).toContainText('Default');
    await expectAccessible(page);
    await page.getByTestId('ladder-always').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Open Movify' }).click();
    await expect(page.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible();
  });

  await test.step('a file dropped into the folder becomes a title by itself', async () => {
    drop(place.library, `${film} (2010).avi`);
    await expect(page.getByRole('heading', { level: 1, name: film })).toBeVisible({ timeout: 90_000 });
  });

  await test.step('it plays at once', async () => {
    await page.getByRole('link', { name: 'Play' }).click();
    await expectPlaying(page);
    await expectMoving(page);
  });

  await test.step('and from a point that nobody has made yet', async () => {
    const duration = await page.locator('video').evaluate((video: HTMLVideoElement) => video.duration);
    await page.keyboard.press('8');
    await expect
      .poll(async () => (await picture(page)).time, { message: 'the picture is where the key led' })
      .toBeGreaterThan(duration * 0.79);
    await expectMoving(page);
    await expectPlaying(page);
  });
});
