import type { Page } from '@playwright/test';
import { expect, film, owner, ready, test } from './fixtures';

/** These tests sign in by themselves: a sign-out ends the sign-in that the other specs share. */
async function signIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/\/login/);
}

const cookieNames = async (page: Page) => (await page.context().cookies()).map(({ name }) => name);

test('signing in leads to the page asked for, signing out to the sign-in', async ({ page }) => {
  await page.goto('/browse?kind=movie');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.');

  await signIn(page);
  await expect(page).toHaveURL(/\/browse\?kind=movie$/);
  await expect(page.getByRole('link', { name: film })).toBeVisible();

  await page.goto('/');
  await expect(page).toHaveURL(/\/home$/);
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.goto('/home');
  await expect(page).toHaveURL(/\/login/);
});

test('an access cookie that ran out is renewed without a word', async ({ page, context }) => {
  await page.goto('/home');
  await signIn(page);
  await ready(page);

  await context.clearCookies({ name: 'movify_access' });
  await page.getByRole('link', { name: 'Movies', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Movies' })).toBeVisible();
  await expect(page.getByRole('link', { name: film })).toBeVisible();
  expect(await cookieNames(page)).toContain('movify_access');

  await context.clearCookies({ name: 'movify_access' });
  await page.reload();
  await expect(page.getByRole('link', { name: film })).toBeVisible();
  await expect(page).toHaveURL(/\/browse\?kind=movie$/);
});

test('a sign-in that is over leads to the sign-in and back', async ({ page, context }) => {
  await page.goto('/home');
  await signIn(page);
  await ready(page);

  await context.clearCookies();
  await page.getByRole('link', { name: 'Series', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL(/\/browse\?kind=series$/);
  await ready(page);
});
