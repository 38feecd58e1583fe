import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, newWord, ready, test } from './fixtures';

test.use({ account: 'owner' });

const guest = {
  email: `ines-${newWord().toLowerCase()}@example.org`,
  first: 'Inès',
  last: 'Moreau',
  password: 'nine paper boats',
  later: 'eleven copper bells',
};

const password = (page: Page): Locator => page.getByLabel('Password', { exact: true });

async function signIn(page: Page, secret: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(guest.email);
  await password(page).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/\/login/);
}

test('from an invitation to an account of one’s own, and to its end', async ({ page, browser, baseURL }) => {
  test.slow();
  const users = page.getByTestId('user');
  const row = users.filter({ hasText: guest.email });
  const dialog = page.getByRole('dialog');
  const stranger = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const other = await stranger.newPage();

  await test.step('the owner makes a link', async () => {
    await page.goto('/admin/users');
    await ready(page);
    await expect(users.first()).toBeVisible();
    await expect(row).toHaveCount(0);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog.getByRole('button', { name: 'Create the link' }).click();
    await other.goto(await dialog.getByLabel('Invitation link').inputValue());
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('its holder registers; what is wrong is said beside the field, and a reload loses nothing', async () => {
    await expect(other.getByText('Step 1 of 2')).toBeVisible();
    await other.getByLabel('E-mail').fill(guest.email);
    await other.getByLabel('First name').fill(guest.first);
    await other.getByLabel('Last name').fill(guest.last);
    await other.getByRole('button', { name: 'Continue' }).click();
    await expect(other.getByText('Step 2 of 2')).toBeVisible();

    await password(other).fill('password123');
    await expect(other.locator('[data-broken]')).toContainText('first anybody would try');
    await other.getByRole('button', { name: 'Create an account' }).click();
    await expect(password(other)).toHaveAttribute('aria-invalid', 'true');
    await expectAccessible(other);

    await other.reload();
    await expect(other.getByText(guest.email)).toBeVisible();
    await password(other).fill(guest.password);
    await expect(other.locator('[data-met]')).toHaveCount(2);
    await other.getByRole('button', { name: 'Create an account' }).click();
    await expect(other).not.toHaveURL(/\/signup/);
  });

  await test.step('a member has an account and no server', async () => {
    await other.goto('/admin/users');
    await expect(other).toHaveURL(/\/home$/);
    await other.goto('/account');
    await other.getByLabel('First name').fill('Ines');
    await other.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByText('Saved')).toBeVisible();
    await other.goto('/account/security');
    await other.getByLabel('Current password').fill('not the password');
    await other.getByLabel('New password').fill(guest.later);
    await other.getByRole('button', { name: 'Save the password' }).click();
    await expect(other.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
  });

  await test.step('disabled, the account is signed out; a link of the owner’s leads back into it', async () => {
    await page.reload();
    await row.getByRole('button', { name: /^Manage/ }).click();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await expect(dialog.getByRole('button', { name: 'Enable' })).toBeVisible();
    await other.goto('/home');
    await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();

    await dialog.getByRole('button', { name: 'Enable' }).click();
    await expect(dialog.getByRole('button', { name: 'Disable' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Password link' }).click();
    await other.goto(await dialog.getByRole('textbox', { name: 'Password link' }).inputValue());
    await other.getByLabel('New password').fill(guest.later);
    await other.getByRole('button', { name: 'Save the password' }).click();
    await other.getByRole('link', { name: 'Sign in' }).click();
    await signIn(other, guest.later);
  });

  await test.step('its owner deletes it, and the other one sees it go', async () => {
    await other.goto('/account/security');
    await other.getByRole('button', { name: 'Delete', exact: true }).click();
    await other.getByLabel(`Type ${guest.email}`).fill(guest.email);
    await other.getByLabel('Your password').fill(guest.later);
    await other.getByRole('button', { name: 'Delete for good' }).click();
    await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await page.reload();
    await expect(users.first()).toBeVisible();
    await expect(row).toHaveCount(0);
  });
  await stranger.close();
});
