import type { Page } from '@playwright/test';
import { expect, expectMoving, film, player, ready, signedIn as test } from './fixtures';

/** The focus rests on a control that is in sight. */
async function expectFocusVisible(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing has the focus';
    const box = element.getBoundingClientRect();
    const inside = box.width > 0 && box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
    return inside ? 'in sight' : `${element.outerHTML.slice(0, 120)} at ${Math.round(box.left)},${Math.round(box.top)}`;
  });
  expect(seen).toBe('in sight');
}

test('the arrows reach everything and Back comes back', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await expect(page.getByRole('link', { name: /^(Play|Resume)$/ })).toBeFocused();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await expectFocusVisible(page);
  }
  await expect(page.getByRole('navigation').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expectFocusVisible(page);

  await page.goto('/browse');
  await page.getByRole('link', { name: film }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/title\//);
  await ready(page);
  await expect(page.getByRole('link', { name: /^(Play|Resume)/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/browse/);
  await expect(page.getByRole('link', { name: film })).toBeFocused();
});

test('the areas of a page are left of it', async ({ page }) => {
  await page.goto('/account/devices');
  await ready(page);
  await page.keyboard.press('ArrowDown');
  await expectFocusVisible(page);
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('link', { name: 'Devices' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expectFocusVisible(page);
});

test('the player by remote alone', async ({ page }) => {
  await page.goto('/browse');
  await page.getByRole('link', { name: film }).click();
  await ready(page);
  await page
    .getByRole('link', { name: /Play|Start over/ })
    .last()
    .focus();
  await page.keyboard.press('Enter');
  await expect(player(page)).toHaveAttribute('data-state', 'playing', { timeout: 90_000 });
  await expectMoving(page);

  await expect(player(page)).toHaveAttribute('data-controls', 'hidden');
  await page.keyboard.press('ArrowUp');
  await expect(player(page)).toHaveAttribute('data-controls', 'shown');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('slider')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(player(page)).toHaveAttribute('data-state', 'paused');

  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Settings' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: /^Auto/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});
