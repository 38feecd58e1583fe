import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { Browse } from '../api/client';
import { queries, queryClient } from '../api/queries';
import { SignIn } from '../features/auth/SignIn';
import { BrowsePage } from '../features/browse/BrowsePage';
import { HomePage } from '../features/home/HomePage';
import { MePage } from '../features/me/MePage';
import { SeriesPage } from '../features/title/SeriesPage';
import { TitlePage } from '../features/title/TitlePage';
import { NotFound, PageError, Waiting } from './errors';
import { Shell } from './Shell';

const bootstrap = () => queryClient.ensureQueryData(queries.bootstrap);

/** Where a signed-out visitor is sent, and back to where afterwards. */
async function needAccount({ location }: { location: { href: string } }) {
  const { setupNeeded, account } = await bootstrap();
  if (setupNeeded) throw redirect({ to: '/setup' });
  if (!account) throw redirect({ to: '/login', search: { to: location.href } });
  return { account };
}

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageError });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async () => {
    if (!(await bootstrap()).setupNeeded) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../features/setup/SetupPage'), 'SetupPage'),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { to?: string } => (typeof search.to === 'string' ? { to: search.to } : {}),
  beforeLoad: async () => {
    const { setupNeeded, account } = await bootstrap();
    if (setupNeeded) throw redirect({ to: '/setup' });
    if (account) throw redirect({ to: '/' });
  },
  component: SignIn,
});

const watch = createRoute({
  getParentRoute: () => root,
  path: '/watch/$id',
  beforeLoad: needAccount,
  validateSearch: ({ start }: Record<string, unknown>): { start?: number } => (typeof start === 'number' && start >= 0 ? { start } : {}),
  component: lazyRouteComponent(() => import('../player/ui/WatchPage'), 'WatchPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', beforeLoad: needAccount, component: Shell });

const home = createRoute({ getParentRoute: () => shell, path: '/', component: HomePage });

const kinds = ['movie', 'series'] as const;
const sorts = ['added', 'title', 'year'] as const;

const browse = createRoute({
  getParentRoute: () => shell,
  path: '/browse',
  validateSearch: ({ kind, sort, q }: Record<string, unknown>): Browse => ({
    kind: kinds.find((one) => one === kind),
    sort: sorts.find((one) => one === sort),
    q: q === undefined || q === '' ? undefined : String(q),
  }),
  component: BrowsePage,
});

const title = createRoute({ getParentRoute: () => shell, path: '/title/$id', component: TitlePage });

const series = createRoute({
  getParentRoute: () => shell,
  path: '/series/$id',
  validateSearch: ({ season }: Record<string, unknown>): { season?: number } => (typeof season === 'number' ? { season } : {}),
  component: SeriesPage,
});

const me = createRoute({ getParentRoute: () => shell, path: '/me', component: MePage });

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: ({ context }) => {
    if (context.account.role === 'member') throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../admin/AdminPage'), 'AdminPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([setup, login, watch, shell.addChildren([home, browse, title, series, me, admin])]),
  scrollRestoration: true,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: PageError,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
