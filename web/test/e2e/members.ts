import { type APIRequestContext, type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

const api = '/api/v1';

export interface Credentials {
  email: string;
  password: string;
}

export interface Member extends Credentials {
  context: BrowserContext;
  page: Page;
}

let registered = 0;

/** Registers an account by the owner's invitation; `theirs` is signed in to it afterwards. */
export async function register(owner: APIRequestContext, theirs: APIRequestContext, firstName: string): Promise<Credentials> {
  const invited = await owner.post(`${api}/invites`, { data: { role: 'member', days: 1 } });
  expect(invited.ok(), await invited.text()).toBe(true);
  const { code } = await invited.json();
  registered += 1;
  // Workers come and go on one server.
  const who = { email: `${firstName.toLowerCase()}-${process.pid}-${registered}@example.org`, password: 'nine quiet harbours' };
  const joined = await theirs.post(`${api}/auth/register`, { data: { ...who, firstName, lastName: 'Roy', invite: code } });
  expect(joined.ok(), await joined.text()).toBe(true);
  return who;
}

/** An account of the test's own in a browser of its own, so that what it changes disturbs no other test. */
export async function join(owner: APIRequestContext, browser: Browser, baseURL: string, firstName: string): Promise<Member> {
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const who = await register(owner, context.request, firstName);
  return { ...who, context, page: await context.newPage() };
}
