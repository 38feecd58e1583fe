import type { Page } from '@playwright/test';
import { api, expect, expectMoving, expectPlaying, newWord, paint, ready, signInByApi, test, titleOf } from './fixtures';
import { join } from './members';

/** Counts the requests of a page by their path below the API. */
function requestsOf(page: Page): (path: RegExp) => number {
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith(api)) paths.push(pathname.slice(api.length));
  });
  return (path) => paths.filter((one) => path.test(one)).length;
}

test('a position stored on one device refreshes the home page of another, and nothing else', async ({ ownerApi, place, browser }) => {
  const film = `${newWord()} Crossing`;
  paint(place.library, `${film} (2013).mkv`, 'teal', 300);
  const { id } = await titleOf(ownerApi, film);
  const member = await join(ownerApi, browser, place.base, 'Robin');
  const device = await browser.newContext({ baseURL: place.base });
  await signInByApi(device.request, member);
  const other = await device.newPage();
  await other.goto('/home');
  await ready(other);

  const reports = requestsOf(member.page);
  await member.page.goto(`/watch/${id}`);
  await expectPlaying(member.page);
  await expectMoving(member.page);
  const refreshed = requestsOf(other);
  await expect(other.getByRole('link', { name: film }).first()).toBeVisible();
  await expect
    .poll(() => reports(/^\/sessions\/[^/]+\/progress$/), { message: 'the position is reported', timeout: 90_000 })
    .toBeGreaterThan(1);

  await expect.poll(() => refreshed(/^\/home$/), { message: 'the home page is refreshed' }).toBeGreaterThan(0);
  expect(refreshed(/^\/home$/)).toBeLessThanOrEqual(reports(/\/progress$/));
  expect(refreshed(/^\/(profiles|streams)/)).toBe(0);
});
