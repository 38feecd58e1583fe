import type { Page } from '@playwright/test';
import { expect, expectMoving, expectPlaying, film, fromStart, onTitlePage, openTitle, player, ready, test, wallOf } from './fixtures';
import { sizes } from './sizes';

test.use({ account: 'member', ...sizes.tv });

/** The focus rests on a control that is in sight. */
async function expectFocusVisible(page: Page): Promise<void> {
  const look = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return 'nothing has the focus';
      const box = element.getBoundingClientRect();
      const inside = box.width > 0 && box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
      return inside ? 'in sight' : `${element.outerHTML.slice(0, 120)} at ${Math.round(box.left)},${Math.round(box.top)}`;
    });
  // What arrives after a press may move the page; the focus is then put in sight with the next picture.
  await expect.poll(look, { message: 'the focus is in sight' }).toBe('in sight');
}

test('the arrows reach everything and Back comes back', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  // The title at the top is the newest, which is a series without a link that plays it when another spec has added one.
  await expect(page.getByRole('link', { name: /^(Play|Resume|More info)$/ }).first()).toBeFocused();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await expectFocusVisible(page);
  }
  await expect(page.getByRole('navigation').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expectFocusVisible(page);

  await page.goto(wallOf(film));
  await page.getByRole('link', { name: film }).press('Enter');
  await onTitlePage(page, film);
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
  await expect(page.getByRole('link', { name: 'Security' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible();
  await ready(page);
  await page.keyboard.press('ArrowDown');
  await expectFocusVisible(page);
});

test('the player by remote alone', async ({ page }) => {
  await openTitle(page, film);
  await fromStart(page).press('Enter');
  await expectPlaying(page);
  await expectMoving(page);

  await expect(player(page)).toHaveAttribute('data-controls', 'hidden');
  await page.keyboard.press('ArrowUp');
  await expect(player(page)).toHaveAttribute('data-controls', 'shown');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
  // While it is paused the controls stay, however long the next press takes.
  await page.keyboard.press('Enter');
  await expect(player(page)).toHaveAttribute('data-state', 'paused');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('slider')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'Play' })).toBeFocused();

  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Settings' }).press('Enter');
  await expect(page.getByRole('radio', { name: /^Auto/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});
