import type { Page } from '@playwright/test';
import { api, expect, expectAccessible, expectMoving, expectPlaying, newWord, paint, signInByApi, test, titleOf } from './fixtures';
import { join } from './members';

/** The address of the playlist that a page plays. */
function playlist(page: Page): Promise<string> {
  return page.evaluate(() => performance.getEntriesByType('resource').find(({ name }) => name.includes('/multivariant.m3u8'))?.name ?? '');
}

test('a full account names who plays, and what was copied from it opens nothing', async ({
  ownerApi,
  place,
  browser,
  playwright,
  extraHTTPHeaders,
}) => {
  // So long that the player cannot have its end before it is ended itself: only a request can be refused.
  const film = `${newWord()} Passage`;
  paint(place.library, `${film} (2012).mkv`, 'navy', 300);
  const { id } = await titleOf(ownerApi, film);
  const member = await join(ownerApi, browser, place.base, 'Sacha');
  const { items } = await (await ownerApi.get(`${api}/users`)).json();
  const user = (items as { account: { id: string; email: string } }[]).find(({ account }) => account.email === member.email);
  const limited = await ownerApi.patch(`${api}/users/${user?.account.id}`, { data: { streams: 1 } });
  expect(limited.ok(), await limited.text()).toBe(true);

  const first = member.page;
  await first.goto(`/watch/${id}`);
  await expectPlaying(first);
  await expectMoving(first);

  const device = await browser.newContext({ baseURL: place.base });
  await signInByApi(device.request, member);
  const second = await device.newPage();
  await test.step('the second device is told who plays, and takes the place', async () => {
    await second.goto(`/watch/${id}`);
    const dialog = second.getByRole('dialog', { name: '1 of 1 in use' });
    await expect(dialog).toBeVisible();
    await expect(dialog).toContainText('Sacha');
    await expectAccessible(second);
    await dialog.getByRole('button', { name: /^Stop/ }).click();
    await expectPlaying(second);
  });

  await test.step('the first is told that it was ended', async () => {
    await first.keyboard.press('9');
    await expect(first.getByRole('alert')).toContainText('Playback ended', { timeout: 90_000 });
  });

  await test.step('a copied address opens nothing elsewhere', async () => {
    const address = await playlist(second);
    expect(address).toContain('/media/');
    const stranger = await playwright.request.newContext({ userAgent: 'somebody else', extraHTTPHeaders });
    const copied = await stranger.get(address);
    expect([401, 403, 404]).toContain(copied.status());
    expect((await copied.body()).length).toBeLessThan(1000);

    await second.request.post(`${api}/auth/sign-out`);
    const after = await second.request.get(address);
    expect([401, 403, 404]).toContain(after.status());
    expect((await after.body()).length).toBeLessThan(1000);
    const log = await (await ownerApi.get(`${api}/security-log`)).json();
    expect((log.items as { kind: string }[]).map(({ kind }) => kind)).toContain('token_elsewhere');
    await stranger.dispose();
  });
  await device.close();
  await member.context.close();
});
