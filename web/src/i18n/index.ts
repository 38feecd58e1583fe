/**
 * Translations. `en.json` is the type: an unknown key does not compile. A key with `_one` and `_other` forms is used by its
 * stem with a `count`. Other languages are chunks of their own, and so are namespaces: translations that only some pages
 * need, loaded together with the first such page.
 */
import { useSyncExternalStore } from 'react';
import { systemLocale } from '../lib/device';
import { save, load as saved } from '../lib/storage';
import en from './en.json';

type Stem<K> = K extends `${infer S}_${'one' | 'other'}` ? S : K;
export type Key = Stem<keyof typeof en>;
/** @internal */
export type Params = Record<string, string | number>;
export type T<K extends string = Key> = (key: K, params?: Params) => string;

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

/** Keys of the default namespace and of `W`. */
export type NamespaceKey<W> = Key | Stem<keyof W & string>;

/** A lazily loaded namespace in all languages; `W` is the type of its English file. */
export type Namespace<W> = Record<Language, () => Promise<{ default: Record<keyof W, string> }>>;

/**
 * Looks a key up, chooses its plural form and fills in `{{name}}` places.
 * @internal
 */
export function translate(table: Record<string, string>, language: string, key: string, params: Params = {}): string {
  const count = params.count;
  const form = typeof count === 'number' ? new Intl.PluralRules(language).select(count) : undefined;
  const text = (form && (table[`${key}_${form}`] ?? table[`${key}_other`])) ?? table[key] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = params[name];
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : (value ?? '');
  });
}

export interface Translation<K extends string = Key> {
  language: Language;
  t: T<K>;
  /** Translates the server's English error message by its code; unknown codes keep the English text. */
  reason: (code: string, english: string) => string;
}

function make(language: Language, words: Record<string, string>, reasons: Record<string, string> = {}): Translation {
  return { language, t: (key, params) => translate(words, language, key, params), reason: (code, english) => reasons[code] ?? english };
}

let current = make('en', en);
const listeners = new Set<() => void>();
const loadedNamespaces = new Map<Namespace<unknown>, Promise<void>>();

async function load(language: Language): Promise<Translation> {
  const words: Record<string, string> = { ...(language === 'fr' ? (await import('./fr.json')).default : en) };
  const books = await Promise.all(Array.from(loadedNamespaces.keys(), (book) => book[language]()));
  for (const book of books) Object.assign(words, book.default);
  return make(language, words, language === 'fr' ? (await import('./problems.fr.json')).default : {});
}

/** Serializes language changes, so that a slow one cannot overwrite a later one. */
let pendingChange: Promise<unknown> = Promise.resolve();

function reload(language?: Language): Promise<void> {
  const change = pendingChange.then(async () => {
    current = await load(language ?? current.language);
    for (const watcher of listeners) watcher();
  });
  pendingChange = change.catch(() => undefined);
  return change;
}

export async function setLanguage(language: Language): Promise<void> {
  await reload(language);
  document.documentElement.lang = language;
  save('language', language);
}

/** Loads a namespace in the current language, and in every language chosen later. */
export function loadNamespace(book: Namespace<unknown>): Promise<void> {
  const opening = loadedNamespaces.get(book);
  if (opening) return opening;
  loadedNamespaces.set(book, Promise.resolve());
  const done = reload().catch((error: unknown) => {
    loadedNamespaces.delete(book);
    throw error;
  });
  loadedNamespaces.set(book, done);
  return done;
}

/** The language chosen here before, else the browser's, else English. */
export function preferredLanguage(): Language {
  const wish = saved('language') ?? systemLocale();
  return /^fr\b/i.test(wish) ? 'fr' : 'en';
}

export function useLanguage(): Translation {
  return useSyncExternalStore(
    (watcher) => {
      listeners.add(watcher);
      return () => listeners.delete(watcher);
    },
    () => current,
  );
}

export function useT(): T {
  return useLanguage().t;
}

/** The default namespace and `W`, which the route of the page must have loaded. */
export function useNamespaces<W>(): Translation<NamespaceKey<W>> {
  return useLanguage() as Translation<string>;
}
