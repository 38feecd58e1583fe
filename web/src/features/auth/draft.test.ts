import { afterEach, expect, it, vi } from 'vitest';
import { dropDraft, loadDraft, saveDraft } from './draft';

const ines = { email: 'ines@example.org', firstName: 'Inès', lastName: 'Moreau' };
const nothing = { email: '', firstName: '', lastName: '' };

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

it('keeps the input until the account exists', () => {
  saveDraft(ines);
  expect(loadDraft()).toEqual(ines);
  dropDraft();
  expect(loadDraft()).toEqual(nothing);
});

it('starts empty from invalid data, and without storage', () => {
  sessionStorage.setItem('movify.signup', '{"email":');
  expect(loadDraft()).toEqual(nothing);
  vi.stubGlobal('sessionStorage', undefined);
  saveDraft(ines);
  expect(loadDraft()).toEqual(nothing);
  dropDraft();
});
