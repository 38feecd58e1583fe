import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queries, queryClient } from '../api/queries';
import { type Browse, sorts } from '../api/types';
import { HomePage } from '../features/home/HomePage';
import { loadNamespace, type Namespace } from '../i18n';
import { accountNamespace, adminNamespace, playerNamespace, viewerNamespace } from '../i18n/namespaces';
import { device } from '../lib/device';
import { NotFound, PageError, Waiting } from './errors';
import { Shell } from './Shell';

const bootstrap = () => queryClient.ensureQueryData(queries.bootstrap);

/** A lazy page that loads its translation namespaces together with its chunk. */
// biome-ignore lint/suspicious/noExplicitAny: the component type that the router requires
function withWords<M extends Record<string, any>, K extends keyof M>(books: Namespace<unknown>[], load: () => Promise<M>, name: K) {
  return lazyRouteComponent(async () => (await Promise.all([load(), ...books.map(loadNamespace)]))[0], name);
}

const forAccount = [accountNamespace];
const forAdmin = [adminNamespace, accountNamespace];
const forViewer = [viewerNamespace];

type At = { location: { href: string } };

/** Redirects a signed-out visitor to the sign-in, and back afterwards. */
async function requireAccount({ location }: At) {
  const { setupNeeded, account, profile, chooseProfile } = await bootstrap();
  if (setupNeeded) throw redirect({ to: '/setup' });
  if (!account) throw redirect({ to: '/login', search: { to: location.href } });
  return { account, kids: profile?.kids ?? false, chooseProfile };
}

/** Pages that need a chosen profile. */
async function requireProfile(at: At) {
  const viewer = await requireAccount(at);
  if (viewer.chooseProfile) throw redirect({ to: '/profiles', search: { to: at.location.href } });
  return viewer;
}

/** Pages that are closed to kids profiles. */
function rejectKids({ context }: { context: { kids: boolean } }) {
  if (context.kids) throw redirect({ to: '/home' });
}

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageError });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async () => {
    if (!(await bootstrap()).setupNeeded) throw redirect({ to: '/home' });
  },
  component: withWords(forAccount, () => import('../features/setup/SetupPage'), 'SetupPage'),
});

/** Pages for signed-out visitors; signed-in viewers are redirected. */
async function needStranger() {
  const { setupNeeded, account } = await bootstrap();
  if (setupNeeded) throw redirect({ to: '/setup' });
  if (account) throw redirect({ to: '/home' });
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ to, problem }: Record<string, unknown>): { to?: string; problem?: string } => ({
    ...(typeof to === 'string' && { to }),
    ...(typeof problem === 'string' && { problem }),
  }),
  beforeLoad: needStranger,
  component: withWords([accountNamespace, viewerNamespace], () => import('../features/auth/SignIn'), 'SignIn'),
});

const signUp = {
  getParentRoute: () => root,
  validateSearch: ({ step }: Record<string, unknown>): { step?: 'password' | 'letter' } =>
    step === 'password' || step === 'letter' ? { step } : {},
  beforeLoad: needStranger,
  component: withWords(forAccount, () => import('../features/auth/SignUp'), 'SignUp'),
};

const strangerPages = [
  createRoute({ ...signUp, path: '/signup' }),
  createRoute({ ...signUp, path: '/signup/$code' }),
  createRoute({
    getParentRoute: () => root,
    path: '/reset',
    beforeLoad: needStranger,
    component: withWords(forAccount, () => import('../features/auth/Reset'), 'Reset'),
  }),
  // Links in e-mails work signed in or not.
  createRoute({
    getParentRoute: () => root,
    path: '/reset/$code',
    component: withWords(forAccount, () => import('../features/auth/Reset'), 'NewPassword'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/signup/confirm/$code',
    component: withWords(forAccount, () => import('../features/auth/ConfirmSignUp'), 'ConfirmSignUp'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/account/email/$code',
    component: withWords(forAccount, () => import('../features/auth/ConfirmEmail'), 'ConfirmEmail'),
  }),
] as const;

const watch = createRoute({
  getParentRoute: () => root,
  path: '/watch/$id',
  beforeLoad: requireProfile,
  validateSearch: ({ start: landing, file }: Record<string, unknown>): { start?: number; file?: string } => ({
    ...(typeof landing === 'number' && landing >= 0 && { start: landing }),
    ...(file !== undefined && { file: String(file) }),
  }),
  component: withWords([playerNamespace], () => import('../player/ui/WatchPage'), 'WatchPage'),
});

const tv = createRoute({
  getParentRoute: () => root,
  path: '/tv',
  beforeLoad: requireAccount,
  validateSearch: ({ code }: Record<string, unknown>): { code?: string } => (typeof code === 'string' ? { code } : {}),
  component: withWords(forViewer, () => import('../features/tv/TvPage'), 'TvPage'),
});

const profilePages = [
  createRoute({
    getParentRoute: () => root,
    path: '/profiles',
    beforeLoad: requireAccount,
    validateSearch: ({ to, manage }: Record<string, unknown>): { to?: string; manage?: true } => ({
      to: typeof to === 'string' ? to : undefined,
      manage: manage === true || undefined,
    }),
    component: withWords(forViewer, () => import('../features/profiles/ProfilesPage'), 'ProfilesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/profiles/$id',
    beforeLoad: async (at) => rejectKids({ context: await requireAccount(at) }),
    component: withWords(forViewer, () => import('../features/profiles/EditPage'), 'EditPage'),
  }),
] as const;

const shell = createRoute({ getParentRoute: () => root, id: 'shell', beforeLoad: requireProfile, component: Shell });

/** The landing page, shown where registration is open, but not on TVs. */
const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async () => {
    const { account, registration } = await bootstrap();
    if (account || registration !== 'open' || device() === 'tv') throw redirect({ to: '/home' });
  },
  component: withWords(forAccount, () => import('../features/auth/Landing'), 'Landing'),
});

const home = createRoute({ getParentRoute: () => shell, path: '/home', component: HomePage });

const kinds = ['movie', 'series'] as const;
const seen = ['yes', 'no', 'begun'] as const;
const oneOf = <V extends string>(values: readonly V[], value: unknown) => values.find((one) => one === value);
const words = (value: unknown) => (value === undefined || value === '' ? undefined : String(value));

const browse = createRoute({
  getParentRoute: () => shell,
  path: '/browse',
  validateSearch: (search: Record<string, unknown>): Browse => ({
    kind: oneOf(kinds, search.kind),
    sort: oneOf(sorts, search.sort),
    watched: oneOf(seen, search.watched),
    genre: words(search.genre),
    studio: words(search.studio),
    person: words(search.person),
    of: words(search.of),
    collection: words(search.collection),
    year: words(search.year),
    minutes: words(search.minutes),
    q: words(search.q),
  }),
  component: withWords(forViewer, () => import('../features/browse/BrowsePage'), 'BrowsePage'),
});

const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => ({ q: words(q) }),
  component: withWords(forViewer, () => import('../features/search/SearchPage'), 'SearchPage'),
});

const collectionRoutes = [
  createRoute({
    getParentRoute: () => shell,
    path: '/collections',
    component: withWords(forViewer, () => import('../features/collections/CollectionsPage'), 'CollectionsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/collection/$id',
    component: withWords(forViewer, () => import('../features/collections/CollectionPage'), 'CollectionPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/person/$id',
    component: withWords(forViewer, () => import('../features/person/PersonPage'), 'PersonPage'),
  }),
] as const;

const title = createRoute({
  getParentRoute: () => shell,
  path: '/title/$id',
  component: withWords(forViewer, () => import('../features/title/TitlePage'), 'TitlePage'),
});

const series = createRoute({
  getParentRoute: () => shell,
  path: '/series/$id',
  validateSearch: ({ season }: Record<string, unknown>): { season?: number } => (typeof season === 'number' ? { season } : {}),
  component: withWords(forViewer, () => import('../features/title/SeriesPage'), 'SeriesPage'),
});

const minePages = [
  createRoute({
    getParentRoute: () => shell,
    path: '/list',
    component: withWords(forViewer, () => import('../features/list/ListPage'), 'ListPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/history',
    component: withWords(forViewer, () => import('../features/history/HistoryPage'), 'HistoryPage'),
  }),
] as const;

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('../features/me/MePage'), 'MePage'),
});

const account = createRoute({ getParentRoute: () => shell, path: '/account', beforeLoad: rejectKids });

const accountPages = [
  createRoute({
    getParentRoute: () => account,
    path: '/',
    component: withWords(forAccount, () => import('../features/account/OverviewPage'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/devices',
    component: withWords(forAccount, () => import('../features/account/DevicesPage'), 'DevicesPage'),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/security',
    component: withWords(forAccount, () => import('../features/account/SecurityPage'), 'SecurityPage'),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/keys',
    component: withWords(forAccount, () => import('../features/account/KeysPage'), 'KeysPage'),
  }),
] as const;

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: ({ context }) => {
    if (context.account.role === 'member' || context.kids) throw redirect({ to: '/home' });
  },
});

const adminPages = [
  createRoute({
    getParentRoute: () => admin,
    path: '/',
    component: withWords(forAdmin, () => import('../admin/AdminPage'), 'AdminPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/library',
    component: withWords(forAdmin, () => import('../admin/library/LibraryPage'), 'LibraryPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/titles',
    component: withWords(forAdmin, () => import('../admin/title/UnmatchedPage'), 'UnmatchedPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/channels',
    component: withWords(forAdmin, () => import('../admin/channels/ChannelsPage'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/storage',
    component: withWords(forAdmin, () => import('../admin/storage/StoragePage'), 'StoragePage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/users',
    component: withWords(forAdmin, () => import('../admin/users/UsersPage'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/security',
    component: withWords(forAdmin, () => import('../admin/security/SecurityPage'), 'SecurityPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    setup,
    login,
    ...strangerPages,
    watch,
    tv,
    ...profilePages,
    shell.addChildren([
      home,
      browse,
      search,
      title,
      series,
      ...collectionRoutes,
      ...minePages,
      me,
      account.addChildren(accountPages),
      admin.addChildren(adminPages),
    ]),
  ]),
  scrollRestoration: true,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: PageError,
  // Preloads the chunk of a page when its link is hovered or focused, but not its data.
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
