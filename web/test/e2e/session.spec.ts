import type { Page } from '@playwright/test';
import { test as base, expect, film, ready, wallOf } from './fixtures';
import { type Credentials, register } from './members';

const test = base.extend<{ member: Credentials }>({
  member: async ({ ownerApi, place, playwright, extraHTTPHeaders }, use) => {
    const context = await playwright.request.newContext({ baseURL: place.base, extraHTTPHeaders });
    await use(await register(ownerApi, context, 'Nadia'));
    await context.dispose();
  },
});

const signInPage = (page: Page) => page.getByRole('heading', { level: 1, name: 'Sign in' });

async function send(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signIn(page: Page, member: Credentials): Promise<void> {
  await send(page, member);
  await expect(page).not.toHaveURL(/\/login/);
}

async function expectAccessCookie(page: Page): Promise<void> {
  const names = async () => (await page.context().cookies()).map(({ name }) => name);
  await expect.poll(names, { message: 'the access cookie is renewed' }).toContain('movify_access');
}

test('signing in leads to the page asked for, signing out to the sign-in', async ({ page, member }) => {
  await page.goto(wallOf(film));
  await expect(signInPage(page)).toBeVisible();
  await send(page, { ...member, password: 'not the password' });
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.');

  await signIn(page, member);
  await expect(page).toHaveURL(/\/browse\?q=The(\+|%20)Crossing$/);
  await expect(page.getByRole('link', { name: film })).toBeVisible();

  await page.goto('/');
  await expect(page).toHaveURL(/\/home$/);
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(signInPage(page)).toBeVisible();
  await page.goto('/home');
  await expect(page).toHaveURL(/\/login/);
});

test('an access cookie that ran out is renewed without a word', async ({ page, context, member }) => {
  await page.goto('/home');
  await signIn(page, member);
  await ready(page);

  await context.clearCookies({ name: 'movify_access' });
  await page.getByRole('link', { name: 'Movies', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Movies' })).toBeVisible();
  await ready(page);
  await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
  await expectAccessCookie(page);

  await context.clearCookies({ name: 'movify_access' });
  await page.reload();
  await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
  await expect(page).toHaveURL(/\/browse\?kind=movie$/);
  await expectAccessCookie(page);
});

test('a sign-in that is over leads to the sign-in and back', async ({ page, context, member }) => {
  await page.goto('/home');
  await signIn(page, member);
  await ready(page);

  // Requests of the page's own may find out first that the sign-in is over, and then the link is gone: the refusal, which
  // alone leads away, waits until the link is followed.
  let follow = (): void => undefined;
  const followed = new Promise<void>((resolve) => {
    follow = resolve;
  });
  await page.route('**/api/v1/auth/refresh', async (route) => {
    await followed;
    await route.continue();
  });
  await context.clearCookies();
  await page.getByRole('link', { name: 'Series', exact: true }).click();
  await expect(page).toHaveURL(/\/browse\?kind=series$/);
  follow();
  await expect(signInPage(page)).toBeVisible();
  await signIn(page, member);
  await expect(page).toHaveURL(/\/browse\?kind=series$/);
  await ready(page);
});
