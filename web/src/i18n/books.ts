/** The words that the first screen does without, by the pages that need them. `app/routes.tsx` opens the book of each page. */
import type account from './account.en.json';
import type admin from './admin.en.json';
import { type Book, type BookKey, type Current, type T, useBooks } from './index';
import type player from './player.en.json';
import type viewer from './viewer.en.json';

type Account = typeof account;
type Admin = typeof admin;
type Player = typeof player;
type Viewer = typeof viewer;

export const accountBook: Book<Account> = { en: () => import('./account.en.json'), fr: () => import('./account.fr.json') };
export const adminBook: Book<Admin> = { en: () => import('./admin.en.json'), fr: () => import('./admin.fr.json') };
export const playerBook: Book<Player> = { en: () => import('./player.en.json'), fr: () => import('./player.fr.json') };
export const viewerBook: Book<Viewer> = { en: () => import('./viewer.en.json'), fr: () => import('./viewer.fr.json') };

export type AccountKey = BookKey<Account>;
export type AdminKey = BookKey<Admin> | AccountKey;
export type AdminT = T<AdminKey>;
export type PlayerKey = BookKey<Player>;
export type PlayerT = T<PlayerKey>;
export type ViewerKey = BookKey<Viewer>;
export type ViewerT = T<ViewerKey>;

/** Words of the first run, of signing in and of the account's own pages. */
export const useAccountWords = (): Current<AccountKey> => useBooks<Account>();
/** Words of the administrator's pages, which speak of accounts too. */
export const useAdminWords = (): Current<AdminKey> => useBooks<Admin & Account>();
/** Words of whoever watches: profiles, list, history, what plays elsewhere. */
export const useViewerWords = (): Current<ViewerKey> => useBooks<Viewer>();
/** Words of the player. */
export const usePlayerWords = (): Current<PlayerKey> => useBooks<Player>();
export const usePlayerT = (): PlayerT => usePlayerWords().t;
