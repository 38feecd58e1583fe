import { expect, expectAccessible, ready, test } from './fixtures';

test.use({ account: 'owner' });

test('the storage says what is wrong with settings, and cleans up only what was seen', async ({ page }) => {
  await page.goto('/admin/storage');
  await ready(page);
  const form = page.getByRole('form', { name: 'S3 storage' });
  // Port 9 is nobody's.
  await form.getByLabel('Endpoint').fill('http://127.0.0.1:9');
  await form.getByLabel('Bucket').fill('films');
  await form.getByLabel('Access key').fill('somebody');
  await form.getByLabel('Secret key').fill('something');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('check')).toContainText('cannot be reached');
  await expect(form.getByLabel('Bucket')).toHaveValue('films');
  await expectAccessible(page);
  await expect(page.getByRole('button', { name: 'Move to S3' })).toBeDisabled();

  const clean = page.getByRole('region', { name: 'Clean up' });
  await clean.getByRole('button', { name: 'Look for leftovers' }).click();
  await expect(clean).toContainText(/Nothing to clean up\.|\d+ leftovers?, /);
});
