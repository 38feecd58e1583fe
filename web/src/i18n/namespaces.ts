/** The words that the first screen does without, by the pages that need them. `app/routes.tsx` opens the book of each page. */
import type account from './account.en.json';
import type admin from './admin.en.json';
import { type Namespace, type NamespaceKey, type T, type Translation, useNamespaces } from './index';
import type player from './player.en.json';
import type viewer from './viewer.en.json';

type Account = typeof account;
type Admin = typeof admin;
type Player = typeof player;
type Viewer = typeof viewer;

export const accountNamespace: Namespace<Account> = { en: () => import('./account.en.json'), fr: () => import('./account.fr.json') };
export const adminNamespace: Namespace<Admin> = { en: () => import('./admin.en.json'), fr: () => import('./admin.fr.json') };
export const playerNamespace: Namespace<Player> = { en: () => import('./player.en.json'), fr: () => import('./player.fr.json') };
export const viewerNamespace: Namespace<Viewer> = { en: () => import('./viewer.en.json'), fr: () => import('./viewer.fr.json') };

export type AccountKey = NamespaceKey<Account>;
export type AdminKey = NamespaceKey<Admin> | AccountKey;
export type AdminT = T<AdminKey>;
export type PlayerKey = NamespaceKey<Player>;
export type PlayerT = T<PlayerKey>;
export type ViewerKey = NamespaceKey<Viewer>;
export type ViewerT = T<ViewerKey>;

/** Words of the first run, of signing in and of the account's own pages. */
export const useAccountWords = (): Translation<AccountKey> => useNamespaces<Account>();
/** Words of the administrator's pages, which speak of accounts too. */
export const useAdminWords = (): Translation<AdminKey> => useNamespaces<Admin & Account>();
/** Words of whoever watches: profiles, list, history, what plays elsewhere. */
export const useViewerWords = (): Translation<ViewerKey> => useNamespaces<Viewer>();
/** Words of the player. */
export const usePlayerWords = (): Translation<PlayerKey> => useNamespaces<Player>();
export const usePlayerT = (): PlayerT => usePlayerWords().t;
