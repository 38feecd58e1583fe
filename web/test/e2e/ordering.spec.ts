import { drop, environment, expect, expectAccessible, ready, signedIn as test } from './fixtures';

const films = ['Cobble Quay', 'Cobble Road', 'Cobble Yard'];
const [quay = '', road = '', yard = ''] = films;

test('the titles of a collection are put in order with the keyboard alone, and stand so on its page', async ({ page }) => {
  for (const name of films) drop(`${name} (2004).avi`);
  const api = `${environment.get().base}/api/v1`;
  const ids: string[] = [];
  await expect(async () => {
    const { items } = await (await page.request.get(`${api}/titles?q=cobble&sort=title`)).json();
    ids.splice(0, ids.length, ...items.map(({ id }: { id: string }) => id));
    expect(ids).toHaveLength(films.length);
  }).toPass({ timeout: 90_000 });
  const made = await (await page.request.post(`${api}/collections`, { data: { kind: 'collection', name: 'Cobbles' } })).json();
  for (const id of ids) expect((await page.request.post(`${api}/collections/${made.id}/titles/${id}`)).ok()).toBe(true);

  await page.goto('/admin/channels');
  await ready(page);
  await page.getByRole('button', { name: 'Put the titles of Cobbles in order' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Put the titles of Cobbles in order' });
  const lines = dialog.getByText(/^Cobble \w+$/);
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
  await expect(page.getByRole('link', { name: /^Cobble / })).toHaveText([yard, road, quay].map((name) => new RegExp(name)));
});
