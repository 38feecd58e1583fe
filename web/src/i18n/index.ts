/**
 * The words of the app. `en.json` is the type: an unknown key does not compile. A key with `_one` and `_other` forms is
 * used by its stem with a `count`. Other languages load as chunks of their own.
 */
import { useSyncExternalStore } from 'react';
import { systemLocale } from '../lib/device';
import { load, save } from '../lib/storage';
import en from './en.json';

type Stem<K> = K extends `${infer S}_${'one' | 'other'}` ? S : K;
export type Key = Stem<keyof typeof en>;
export type Words = Record<keyof typeof en, string>;
export type Params = Record<string, string | number>;
export type T = (key: Key, params?: Params) => string;

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

/** Looks a key up, chooses its plural form and fills in `{{name}}` places. */
export function translate(words: Words, language: string, key: Key, params: Params = {}): string {
  const table = words as Record<string, string>;
  const count = params.count;
  const form = typeof count === 'number' ? new Intl.PluralRules(language).select(count) : undefined;
  const text = (form && (table[`${key}_${form}`] ?? table[`${key}_other`])) ?? table[key] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = params[name];
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : (value ?? '');
  });
}

export interface Current {
  language: Language;
  t: T;
  /** The server's English words about a refusal, in this language when its code is known. */
  reason: (code: string, english: string) => string;
}

function make(language: Language, words: Words, reasons: Record<string, string> = {}): Current {
  return { language, t: (key, params) => translate(words, language, key, params), reason: (code, english) => reasons[code] ?? english };
}

let current = make('en', en);
const watchers = new Set<() => void>();

export async function setLanguage(language: Language): Promise<void> {
  if (language === 'fr') {
    const [words, reasons] = await Promise.all([import('./fr.json'), import('./problems.fr.json')]);
    current = make(language, words.default, reasons.default);
  } else {
    current = make(language, en);
  }
  document.documentElement.lang = language;
  save('language', language);
  for (const watcher of watchers) watcher();
}

/** The language chosen here before, else the browser's, else English. */
export function preferredLanguage(): Language {
  const wish = load('language') ?? systemLocale();
  return /^fr\b/i.test(wish) ? 'fr' : 'en';
}

export function useLanguage(): Current {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => current,
  );
}

export function useT(): T {
  return useLanguage().t;
}
