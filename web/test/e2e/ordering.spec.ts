import { api, drop, expect, expectAccessible, newWord, ready, test, titleOf } from './fixtures';

test.use({ account: 'owner' });

test('the titles of a collection are put in order with the keyboard alone, and stand so on its page', async ({ page, place }) => {
  const word = newWord();
  const [quay, road, yard] = [`${word} Quay`, `${word} Road`, `${word} Yard`];
  const collection = `${word} Streets`;
  for (const name of [quay, road, yard]) drop(place.library, `${name} (2004).avi`);
  const made = await (await page.request.post(`${api}/collections`, { data: { kind: 'collection', name: collection } })).json();
  for (const { id } of [await titleOf(page.request, quay), await titleOf(page.request, road), await titleOf(page.request, yard)])
    expect((await page.request.post(`${api}/collections/${made.id}/titles/${id}`)).ok()).toBe(true);

  await page.goto('/admin/channels');
  await ready(page);
  await page.getByRole('button', { name: `Put the titles of ${collection} in order` }).press('Enter');
  const dialog = page.getByRole('dialog', { name: `Put the titles of ${collection} in order` });
  const lines = dialog.getByText(new RegExp(`^${word} \\w+$`));
  await expect(lines).toHaveText([quay, road, yard]);
  await expectAccessible(page);
  const down = dialog.getByRole('button', { name: `Move ${quay} down` });
  await down.press('Enter');
  await expect(lines).toHaveText([road, quay, yard]);
  await expect(down).toBeFocused();
  await down.press('Enter');
  await expect(lines).toHaveText([road, yard, quay]);
  await expect(down).toBeFocused();
  await dialog.getByRole('button', { name: `Move ${yard} to the top` }).press('Enter');
  await expect(lines).toHaveText([yard, road, quay]);
  await expect(dialog.getByRole('status')).toHaveText(`${yard} is now number 1 of 3`);
  await dialog.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(dialog).toHaveCount(0);

  await page.goto(`/collection/${made.id}`);
  await expect(page.getByRole('link', { name: new RegExp(`^${word} `) })).toHaveText([yard, road, quay].map((name) => new RegExp(name)));
});
