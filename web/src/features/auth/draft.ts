/** The steps with a form. */
export const steps = ['who', 'password'] as const;
/** Every registration step has its own URL, so that Back and a reload work. A letter is the last where the server sends one. */
export type Step = (typeof steps)[number] | 'letter';

/** The input of a registration without the password, kept in session storage across reloads. */
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
    // Storage is blocked: the draft lasts as long as the page.
  }
}

export function dropDraft(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing is stored then.
  }
}
