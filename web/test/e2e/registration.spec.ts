import type { Page } from '@playwright/test';
import { api, aloneTest as base, expect, expectAccessible, owner } from './fixtures';
import { Mailbox } from './mailbox';
import { launch } from './server';
import { sizes } from './sizes';

const test = base.extend<{ mailbox: Mailbox }>({
  // biome-ignore lint/correctness/noEmptyPattern: the form Playwright asks for
  mailbox: async ({}, use) => {
    const mailbox = await Mailbox.open();
    await use(mailbox);
    mailbox.close();
  },
  place: async ({ folder, mailbox }, use) => {
    const { stop, ...place } = await launch(folder, {
      ...mailbox.settings(),
      MOVIFY_ACCOUNTS_REGISTRATION: 'open',
    });
    await use(place);
    await stop();
  },
});

const anna = { email: 'anna@example.org', password: 'nine paper boats' };

async function register(page: Page, email: string): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('First name').fill('Anna');
  await page.getByLabel('Last name').fill('Berg');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(anna.password);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Check your mailbox' })).toBeVisible();
  await expect(page.getByText(email)).toBeVisible();
}

/** Waits for a letter with a link that begins so, and gives its path. */
async function letter(mailbox: Mailbox, path: string): Promise<string> {
  await expect.poll(() => mailbox.link(path), { message: 'a letter comes' }).toBeTruthy();
  return mailbox.link(path) ?? '';
}

/** Keeps how a page looks on the screens of a phone, a computer and a television. */
async function look(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [screen, { viewport }] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: test.info().outputPath(`${name}-${screen}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `${name} on a ${screen} is no wider than it`).toBeLessThanOrEqual(0);
  }
  if (before) await page.setViewportSize(before);
}

test('a letter finishes a registration, on another device; the page tells nobody who has an account', async ({
  page,
  browser,
  baseURL,
  request,
  mailbox,
}) => {
  expect((await request.post(`${api}/setup`, { data: { ...owner, folders: [] } })).ok()).toBe(true);
  const other = await (await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })).newPage();

  await test.step('the page says where to look, also after a reload, and leads back to the address', async () => {
    await register(page, 'anna@exmaple.org');
    await expectAccessible(page);
    await look(page, 'sent');
    await page.reload();
    await page.getByRole('button', { name: /^Wrong address/ }).click();
    await expect(page.getByLabel('E-mail')).toHaveValue('anna@exmaple.org');
    await letter(mailbox, '/signup/confirm/');
    await register(page, anna.email);
  });

  await test.step('the link asks for the password of the registration', async () => {
    await expect.poll(() => mailbox.letters(anna.email), { message: 'a letter comes' }).toBe(1);
    await other.goto(await letter(mailbox, '/signup/confirm/'));
    await expect(other.getByRole('heading', { level: 1, name: 'Finish your account' })).toBeVisible();
    await expectAccessible(other);
    await look(other, 'confirm');
    await other.getByLabel('Your password').fill('another password');
    await other.getByRole('button', { name: 'Create an account' }).click();
    await expect(other.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
    await other.getByLabel('Your password').fill(anna.password);
    await other.getByRole('button', { name: 'Create an account' }).click();
    await expect(other).toHaveURL(/\/home$/);
  });

  await test.step('a link that was used says so and leads on', async () => {
    await page.goto(await letter(mailbox, '/signup/confirm/'));
    await page.getByLabel('Your password').fill(anna.password);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'This link no longer works' })).toBeVisible();
    await expectAccessible(page);
    await look(page, 'refused');
    await page.getByRole('link', { name: 'Register again' }).click();
    await expect(page).toHaveURL(/\/signup$/);
  });

  await test.step('for an address with an account the page is the same, and the letter another', async () => {
    await register(page, anna.email);
    await page.goto(await letter(mailbox, '/reset/'));
    await expect(page.getByRole('heading', { level: 1, name: 'New password' })).toBeVisible();
  });
  await other.context().close();
});
