/** Namespaces of translations that the first screen does not need. `app/routes.tsx` loads those of each page. */
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

/** Setup, sign-in and account pages. */
export const useAccountWords = (): Translation<AccountKey> => useNamespaces<Account>();
/** Admin pages, which also use the account namespace. */
export const useAdminWords = (): Translation<AdminKey> => useNamespaces<Admin & Account>();
/** Viewer pages: profiles, list, history, streams. */
export const useViewerWords = (): Translation<ViewerKey> => useNamespaces<Viewer>();
/** The player. */
export const usePlayerWords = (): Translation<PlayerKey> => useNamespaces<Player>();
export const usePlayerT = (): PlayerT => usePlayerWords().t;
