import type { APIRequestContext, Browser, BrowserContext, Page } from '@playwright/test';
import { environment, expect, film } from './fixtures';

const api = '/api/v1';

export interface Member {
  email: string;
  password: string;
  context: BrowserContext;
  page: Page;
}

/** Registers an account of its own by the owner's invitation, so that what it changes disturbs no other spec. */
export async function join(owner: APIRequestContext, browser: Browser, firstName: string): Promise<Member> {
  const invited = await owner.post(`${api}/invites`, { data: { role: 'member', days: 1 } });
  expect(invited.ok(), await invited.text()).toBe(true);
  const { code } = await invited.json();
  const who = { email: `${firstName.toLowerCase()}@example.org`, password: 'nine quiet harbours' };
  const context = await browser.newContext({ baseURL: environment.get().base });
  const page = await context.newPage();
  const joined = await page.request.post(`${api}/auth/register`, { data: { ...who, firstName, lastName: 'Roy', invite: code } });
  expect(joined.ok(), await joined.text()).toBe(true);
  return { ...who, context, page };
}

/** Another device of the same account. */
export async function signInAgain(browser: Browser, { email, password }: Member): Promise<Page> {
  const context = await browser.newContext({ baseURL: environment.get().base });
  const page = await context.newPage();
  const answer = await page.request.post(`${api}/auth/sign-in`, { data: { email, password, remember: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return page;
}

export async function filmId(request: APIRequestContext): Promise<string> {
  const { items } = await (await request.get(`${api}/titles?limit=60`)).json();
  const found = (items as { id: string; name: string }[]).find(({ name }) => name === film);
  if (!found) throw new Error(`${film} is not in the library`);
  return found.id;
}
