import { drop, expect, expectAccessible, signedIn as test } from './fixtures';

// J6: what somebody means is first, however they type it, and what they looked for is kept for their profile alone.
test('an accented film is found without accents, with a typing error and by any of its words', async ({ page }) => {
  drop('Le Cœur à ses raisons (2005).mkv');
  drop('Spider-Man (2002).mkv');
  await page.goto('/search');
  const box = page.getByRole('combobox', { name: 'Search' });
  await expect(box).toBeFocused();
  const first = page.getByRole('region', { name: 'Top result' }).getByRole('link');
  await expect(async () => {
    await page.goto('/search?q=coeur');
    await expect(first).toContainText('Le Cœur à ses raisons', { timeout: 2_000 });
  }).toPass({ timeout: 90_000 });
  for (const words of ['coeur raison', 'raisns', 'COEUR', 'raisons coeur']) {
    await box.fill(words);
    await expect(page).toHaveURL(new RegExp(`q=${words.split(' ')[0]}`));
    await expect(first).toContainText('Le Cœur à ses raisons');
  }
  for (const words of ['spiderman', 'spider man', 'SPIDER-MAN']) {
    await box.fill(words);
    await expect(first).toContainText('Spider-Man');
  }
  await expectAccessible(page);

  // The address says what is asked: a link to it asks it again, and Back comes back to it.
  await box.fill('coeur raison');
  await expect(page).toHaveURL(/q=coeur/);
  await first.click();
  await expect(page).toHaveURL(/\/title\//);
  await page.goBack();
  await expect(first).toContainText('Le Cœur à ses raisons');
  await expect(box).toHaveValue('coeur raison');
});

test('what may be typed to its end is offered, and what is not there is said', async ({ page }) => {
  await page.goto('/search');
  const box = page.getByRole('combobox', { name: 'Search' });
  await box.pressSequentially('spi', { delay: 20 });
  const offered = page.getByRole('option', { name: /Spider-Man/ });
  await expect(offered).toBeVisible();
  await box.press('ArrowDown');
  await expect(offered).toHaveAttribute('aria-selected', 'true');
  await box.press('Enter');
  await expect(box).toHaveValue('Spider-Man');
  await expect(page.getByRole('option')).toHaveCount(0);

  await box.fill('spiderman qqqqqq');
  await page.getByRole('button', { name: 'Spider-Man' }).click();
  await expect(page.getByRole('region', { name: 'Top result' })).toContainText('Spider-Man');
  await box.fill('zzqqxxww');
  await expect(page.getByText('Nothing found for “zzqqxxww”')).toBeVisible();
});

test('the last searches of a profile can be made again and forgotten', async ({ page }) => {
  await page.goto('/search?q=spiderman');
  const noted = page.waitForResponse((r) => r.url().endsWith('/api/v1/searches') && r.request().method() === 'POST');
  await noted;
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'spiderman', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Top result' })).toContainText('Spider-Man');
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'Forget “spiderman”' }).click();
  await expect(page.getByRole('button', { name: 'spiderman', exact: true })).toHaveCount(0);
});
