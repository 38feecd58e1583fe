/** Every step of a registration has an address of its own, so that Back and a reload do what they say. */
export const steps = ['who', 'password'] as const;
export type Step = (typeof steps)[number];

/** What somebody has typed of a registration: it survives a reload and a look at another page, the password excepted. */
export interface Draft {
  email: string;
  firstName: string;
  lastName: string;
}

const key = 'movify.signup';
const empty: Draft = { email: '', firstName: '', lastName: '' };

export function loadDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return { ...empty, ...(typeof kept === 'object' ? kept : {}) };
  } catch {
    return empty;
  }
}

export function saveDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Refused storage: the draft lasts as long as the page.
  }
}

export function dropDraft(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
}
