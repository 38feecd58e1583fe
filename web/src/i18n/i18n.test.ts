import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it, vi } from 'vitest';
import account from './account.en.json';
import accountFr from './account.fr.json';
import admin from './admin.en.json';
import adminFr from './admin.fr.json';
import en from './en.json';
import fr from './fr.json';
import { loadNamespace, setLanguage, translate, useNamespaces } from './index';
import player from './player.en.json';
import playerFr from './player.fr.json';
import viewer from './viewer.en.json';
import viewerFr from './viewer.fr.json';
import way from './way.en.json';
import wayFr from './way.fr.json';

const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

const pairs: [string, Record<string, string>, Record<string, string>][] = [
  ['app', en, fr],
  ['account', account, accountFr],
  ['admin', admin, adminFr],
  ['player', player, playerFr],
  ['viewer', viewer, viewerFr],
  ['way', way, wayFr],
];

describe.each(pairs)('the words of %s', (name, english, french) => {
  it('have the same keys in every language, and none of another book', () => {
    expect(Object.keys(french)).toEqual(Object.keys(english));
    const others = pairs.filter(([other]) => other !== name).map(([, words]) => words);
    expect(Object.keys(english).filter((key) => others.some((words) => key in words))).toEqual([]);
  });

  it('keep every place and leave no text empty', () => {
    const wrong = Object.entries(english).filter(([key, text]) => !french[key] || String(places(french[key])) !== String(places(text)));
    expect(wrong).toEqual([]);
  });

  it('have a narrow no-break space before French double punctuation', () => {
    const wrong = Object.values(french).filter((text) => /[^\u202f][:;!?»]|«[^\u202f]/.test(text));
    expect(wrong).toEqual([]);
  });
});

it('opens a book in the language spoken, and follows a change of language', async () => {
  const book = { en: async () => ({ default: { greeting: 'Hello' } }), fr: async () => ({ default: { greeting: 'Bonjour' } }) };
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const page = document.createElement('div');
  const Greeting = () => useNamespaces<{ greeting: string }>().t('greeting');
  await act(() => createRoot(page).render(createElement(Greeting)));
  await act(() => loadNamespace(book));
  expect(page.textContent).toBe('Hello');
  await act(() => setLanguage('fr'));
  expect(page.textContent).toBe('Bonjour');
});

it('chooses plural forms by the language', () => {
  expect(translate(en, 'en', 'titles', { count: 0 })).toBe('0 titles');
  expect(translate(en, 'en', 'titles', { count: 1 })).toBe('1 title');
  expect(translate(fr, 'fr', 'titles', { count: 0 })).toBe('0 titre');
  expect(translate(fr, 'fr', 'titles', { count: 2 })).toBe('2 titres');
});

it('writes numbers in the language and leaves no place unfilled', () => {
  expect(translate(en, 'en', 'titles', { count: 12345 })).toBe('12,345 titles');
  expect(translate(en, 'en', 'noResult', { q: '{{count}}' })).toContain('{{count}}');
});
