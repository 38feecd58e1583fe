import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectMoving, player, signedIn as test } from './fixtures';
import { filmId, join, signInAgain } from './members';

const api = '/api/v1';

/** The address of the playlist that a page plays. */
function playlist(page: Page): Promise<string> {
  return page.evaluate(() => performance.getEntriesByType('resource').find(({ name }) => name.endsWith('multivariant.m3u8'))?.name ?? '');
}

test('a full account names who plays, and what was copied from it opens nothing', async ({ page: owner, browser, playwright }) => {
  const id = await filmId(owner.request);
  const member = await join(owner.request, browser, 'Sacha');
  const { items } = await (await owner.request.get(`${api}/users`)).json();
  const user = (items as { account: { id: string; email: string } }[]).find(({ account }) => account.email === member.email);
  const limited = await owner.request.patch(`${api}/users/${user?.account.id}`, { data: { streams: 1 } });
  expect(limited.ok(), await limited.text()).toBe(true);

  const first = member.page;
  await first.goto(`/watch/${id}`);
  await expect(player(first)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
  await expectMoving(first);

  const second = await signInAgain(browser, member);
  await test.step('the second device is told who plays, and takes the place', async () => {
    await second.goto(`/watch/${id}`);
    const dialog = second.getByRole('dialog', { name: '1 of 1 in use' });
    await expect(dialog).toBeVisible();
    await expect(dialog).toContainText('Sacha');
    await expectAccessible(second);
    await dialog.getByRole('button', { name: /^Stop/ }).click();
    await expect(player(second)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
  });

  await test.step('the first is told that it was ended', async () => {
    await first.keyboard.press('9');
    await expect(first.getByRole('alert')).toContainText('Playback was ended', { timeout: 90_000 });
  });

  await test.step('a copied address opens nothing elsewhere', async () => {
    const address = await playlist(second);
    expect(address).toContain('/media/');
    const stranger = await playwright.request.newContext({ userAgent: 'somebody else' });
    const copied = await stranger.get(address);
    expect([401, 403, 404]).toContain(copied.status());
    expect((await copied.body()).length).toBeLessThan(1000);

    await second.request.post(`${api}/auth/sign-out`);
    const after = await second.request.get(address);
    expect([401, 403, 404]).toContain(after.status());
    expect((await after.body()).length).toBeLessThan(1000);
    const log = await (await owner.request.get(`${api}/security-log`)).json();
    expect((log.items as { kind: string }[]).map(({ kind }) => kind)).toContain('token_elsewhere');
    await stranger.dispose();
  });
  await second.context().close();
  await member.context.close();
});
