import type { Page } from '@playwright/test';
import { api, expect, expectAccessible, newWord, paint, ready, test, titleOf, wallOf } from './fixtures';
import { join } from './members';

/** Types into the dialog of that name, which takes digits wherever the focus is. */
async function type(page: Page, dialog: string | RegExp, digits: string): Promise<void> {
  await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
  await page.keyboard.type(digits);
}

test('who is watching: up to seven, a PIN, and kids who find nothing that is not theirs', async ({ ownerApi, place, browser }) => {
  const film = `${newWord()} Crossing`;
  paint(place.library, `${film} (2010).mkv`, 'olive');
  const { id } = await titleOf(ownerApi, film);
  const { page, context, password } = await join(ownerApi, browser, place.base, 'Ines');
  await ownerApi.patch(`${api}/titles/${id}`, { data: { age: 18 } });

  await test.step('a kids profile and a PIN are made in the page', async () => {
    await page.goto('/profiles?manage=true');
    await ready(page);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Add a profile' }).click();
    await page.getByLabel('Name').fill('Lila');
    await page.getByRole('button', { name: 'Choose a picture' }).click();
    await expectAccessible(page);
    await page.locator('[data-avatar="whale"]').click();
    await page.getByLabel('Kids profile').check({ force: true });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('link', { name: 'Change Ines' }).click();
    await page.getByRole('button', { name: 'Set a PIN' }).click();
    await type(page, 'Choose four digits', '2468');
    await type(page, 'The same four digits again', '2468');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: 'Manage profiles' })).toBeVisible();
  });

  await test.step('the eighth is refused by the server too', async () => {
    for (const name of ['Three', 'Four', 'Five', 'Six', 'Seven']) {
      expect((await page.request.post(`${api}/profiles`, { data: { name } })).status()).toBe(201);
    }
    const eighth = await page.request.post(`${api}/profiles`, { data: { name: 'Eight' } });
    expect(eighth.status()).toBe(409);
    expect((await eighth.json()).code).toBe('profile_limit');
    await page.reload();
    await expect(page.getByRole('link', { name: 'Change Seven' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Add a profile' })).toHaveCount(0);
  });

  await test.step('the film is nowhere for the child', async () => {
    await page.goto('/profiles');
    await page.getByRole('button', { name: /Lila/ }).click();
    await expect(page).toHaveURL(/\/home$/);
    await ready(page);
    await expect(page.getByText(film)).toHaveCount(0);
    await page.goto(wallOf(film));
    await expect(page.getByRole('heading', { name: /Nothing found/ })).toBeVisible();
    await page.goto(`/title/${id}`);
    await expect(page.getByText('title_not_found')).toBeVisible();
    await page.goto(`/watch/${id}`);
    await expect(page.getByTestId('fault-code')).toHaveText('title_not_found');
    await page.goto('/account');
    await expect(page).toHaveURL(/\/home$/);

    await ownerApi.patch(`${api}/titles/${id}`, { data: { age: 6 } });
    await page.goto(wallOf(film));
    await expect(page.getByRole('link', { name: film })).toBeVisible();
  });

  await test.step('leaving asks the question for grown-ups', async () => {
    await page.goto('/profiles');
    await page.getByRole('button', { name: 'Three' }).click();
    const question = page.getByTestId('question');
    await expect(question).toContainText('×');
    await expectAccessible(page);
    const [, a, b] = /(\d+) × (\d+)/.exec((await question.textContent()) ?? '') ?? [];
    await page.keyboard.type(String(Number(a) * Number(b)));
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(/\/home$/);
  });

  await test.step('five wrong PINs lock for a minute; the account password is the way round', async () => {
    await page.goto('/profiles');
    await page.getByRole('button', { name: /Ines/ }).click();
    const dialog = page.getByRole('dialog');
    for (const left of ['4 tries left', '3 tries left', '2 tries left', '1 try left', '0 tries left']) {
      await type(page, /Ines/, '1111');
      await expect(dialog.getByRole('alert')).toContainText(left);
    }
    await type(page, /Ines/, '2468');
    await expect(dialog.getByRole('alert')).toContainText(/Wait \d+ seconds/);
    await page.getByRole('button', { name: 'Forgot the PIN?' }).click();
    await page.getByLabel('Password of the account').fill(password);
    await page.getByLabel('New PIN').fill('1357');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(/\/home$/);
  });

  await test.step('an account that is asked at each start is closed until the PIN is typed', async () => {
    const settings = await page.request.patch(`${api}/profiles-settings`, { data: { alwaysAsk: true } });
    expect(settings.status()).toBe(204);
    await page.goto('/home');
    await expect(page).toHaveURL(/\/profiles\?/);
    const closed = await page.request.get(`${api}/home`);
    expect([closed.status(), (await closed.json()).code]).toEqual([403, 'profile_choice_due']);
    await page.getByRole('button', { name: /Ines/ }).click();
    await type(page, /Ines/, '1357');
    await expect(page).toHaveURL(/\/home$/);
    await ready(page);

    const other = await context.newPage();
    await other.goto('/home');
    await expect(other).toHaveURL(/\/profiles\?/);
    // This tab is asked too, at its next request: of a click, or of a notice that came before it. Then it comes back.
    const asked = /\/profiles\?/;
    await expect(async () => {
      if (!asked.test(page.url())) await page.getByRole('link', { name: 'My list' }).click({ timeout: 1000 });
      await expect(page).toHaveURL(asked, { timeout: 1000 });
    }).toPass();
    await page.getByRole('button', { name: /Ines/ }).click();
    await type(page, /Ines/, '1357');
    await expect(page).toHaveURL(/\/(home|list)$/);
  });

  await context.close();
});
