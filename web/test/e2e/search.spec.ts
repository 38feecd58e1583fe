import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answerTo, test as base, drop, expect, expectAccessible, onTitlePage, titleOf } from './fixtures';

const heart = 'Le Cœur à ses raisons';
const spider = 'Spider-Man';

/** Every test has both films, whichever came first, and a member who has looked for nothing yet. */
const test = base.extend<{ films: undefined }>({
  account: 'member',
  films: [
    async ({ place, ownerApi }, use) => {
      for (const name of [`${heart} (2005).mkv`, `${spider} (2002).mkv`]) {
        if (!existsSync(join(place.library, name))) drop(place.library, name);
      }
      for (const name of [heart, spider]) await titleOf(ownerApi, name);
      // The index is fed a moment after the catalogue, and a page that found nothing does not ask again by itself.
      const first = async (q: string) => {
        const { items } = await (await ownerApi.get('/api/v1/search', { params: { q } })).json();
        return (items as { name: string }[])[0]?.name;
      };
      await expect.poll(() => first('coeur'), { message: `${heart} is in the search index`, timeout: 90_000 }).toBe(heart);
      await expect.poll(() => first('spiderman'), { message: `${spider} is in the search index`, timeout: 90_000 }).toBe(spider);
      await use(undefined);
    },
    { auto: true },
  ],
});

// J6: what somebody means is first, however they type it, and what they looked for is kept for their profile alone.
test('an accented film is found without accents, with a typing error and by any of its words', async ({ page }) => {
  await page.goto('/search');
  const box = page.getByRole('combobox', { name: 'Search' });
  await expect(box).toBeFocused();
  const first = page.getByRole('region', { name: 'Top result' }).getByRole('link');
  await page.goto('/search?q=coeur');
  await expect(first).toContainText(heart);
  for (const words of ['coeur raison', 'raisns', 'COEUR', 'raisons coeur']) {
    await box.fill(words);
    await expect(page).toHaveURL(new RegExp(`q=${words.split(' ')[0]}`));
    await expect(first).toContainText(heart);
  }
  for (const words of ['spiderman', 'spider man', 'SPIDER-MAN']) {
    await box.fill(words);
    await expect(page).toHaveURL(new RegExp(`q=${words.split(' ')[0]}`));
    await expect(first).toContainText('Spider-Man');
  }
  await expectAccessible(page);

  // The address says what is asked: a link to it asks it again, and Back comes back to it.
  await box.fill('coeur raison');
  await expect(page).toHaveURL(/q=coeur/);
  await first.click();
  await onTitlePage(page, heart);
  await page.goBack();
  await expect(first).toContainText(heart);
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
  const noted = answerTo(page, 'POST', '/searches');
  await page.goto('/search?q=spiderman');
  await noted;
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'spiderman', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Top result' })).toContainText('Spider-Man');
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'Forget “spiderman”' }).click();
  await expect(page.getByRole('button', { name: 'spiderman', exact: true })).toHaveCount(0);
});
