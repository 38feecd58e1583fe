import type { Page, TestInfo } from '@playwright/test';
import { expect, expectAccessible, film, openTitle, ready, test, wallOf } from './fixtures';
import { sizes } from './sizes';

test.use({ account: 'owner' });

async function look(page: Page, info: TestInfo, name: string): Promise<void> {
  await ready(page);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath(`${name}.png`) });
}

/** Every page on a desktop; elsewhere the ones whose shape differs there. */
const owned: Record<keyof typeof sizes, string[]> = {
  desktop: [
    '/collections',
    '/admin/library',
    '/admin/titles',
    '/admin/channels',
    '/account',
    '/account/devices',
    '/account/security',
    '/account/keys',
    '/admin/users',
    '/admin/storage',
    '/admin/security',
  ],
  phone: ['/account/security', '/admin/users', '/admin/library'],
  tv: ['/admin/storage'],
};

for (const size of Object.keys(sizes) as (keyof typeof sizes)[]) {
  test.describe(size, () => {
    test.use(sizes[size]);

    test('every page is there, readable and accessible', async ({ page }, info) => {
      const broken: string[] = [];
      page.on('pageerror', (error) => broken.push(error.message));

      await page.goto('/');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await look(page, info, 'home');

      await page.goto('/browse?kind=movie');
      await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
      await look(page, info, 'browse');
      await page.goto(wallOf(film));
      await expect(page.getByRole('link', { name: film })).toBeVisible();
      await page.goto('/browse?q=nothing-is-called-so');
      await expect(page.getByRole('heading', { name: /Nothing found/ })).toBeVisible();
      await look(page, info, 'browse-empty');

      await openTitle(page, film);
      await look(page, info, 'title');

      await page.goto('/me');
      await look(page, info, 'me');
      await page.getByRole('button', { name: 'Français' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Moi' })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
      await page.getByRole('button', { name: 'English' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Me' })).toBeVisible();

      await page.goto('/admin');
      await expect(page.getByRole('heading', { name: 'Library', exact: true })).toBeVisible();
      await look(page, info, 'admin');

      await page.goto('/no/such/page');
      await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
      await look(page, info, 'not-found');
      expect(broken).toEqual([]);
    });

    test('the pages about accounts and storage are there, readable and accessible', async ({ page }, info) => {
      const broken: string[] = [];
      page.on('pageerror', (error) => broken.push(error.message));
      for (const path of owned[size]) {
        await page.goto(path);
        await ready(page);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('alert')).toHaveCount(0);
        await look(page, info, path.slice(1).replace('/', '-'));
      }
      expect(broken).toEqual([]);
    });

    test('a folder can be chosen in a dialog and left again', async ({ page }, info) => {
      await page.goto('/admin');
      await page.getByRole('button', { name: 'Add folder' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add folder' });
      await expect(dialog.getByTestId('folder')).not.toBeEmpty();
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath('folder.png') });
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Add folder' })).toBeFocused();
    });
  });
}
