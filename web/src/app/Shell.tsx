import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Clapperboard, Heart, House, Search, Settings2, Tv, UserRound } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { listen } from '../api/events';
import { queries, queryClient } from '../api/queries';
import { useT } from '../i18n';
import { Avatar } from '../ui/Avatar';
import { Logo } from '../ui/Logo';
import { useDevice } from '../ui/use-device';
import s from './Shell.module.css';

/** Layout of the signed-in pages: a top bar on desktops, a bottom tab bar on phones, a side rail on TVs. */
export function Shell({ children = <Outlet /> }: { children?: ReactNode }) {
  const t = useT();
  const device = useDevice();
  const { kids } = useAccount();
  useEffect(() => listen(queryClient), []);
  useEffect(() => {
    // tokens.css styles kids profiles by this attribute.
    const { dataset } = document.documentElement;
    if (kids) dataset.kids = '';
    return () => {
      delete dataset.kids;
    };
  }, [kids]);
  const bar = { desktop: <TopBar />, phone: <PhoneBars />, tv: <Rail /> }[device];
  return (
    <div data-nav={device === 'tv' ? 'row' : 'col'}>
      <a className={s.skip} href="#main" data-nav-skip="">
        {t('skipToContent')}
      </a>
      {bar}
      {children}
    </div>
  );
}

function useAccount() {
  const { data } = useQuery(queries.bootstrap);
  const kids = data?.profile?.kids ?? false;
  return { brand: data?.brand, profile: data?.profile, kids, isAdmin: data?.account != null && data.account.role !== 'member' && !kids };
}

/** True once the page is scrolled: the bar then needs an opaque background. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = () => setScrolled(window.scrollY > 40);
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  return scrolled;
}

function TopBar() {
  const t = useT();
  const { brand, profile, isAdmin } = useAccount();
  const scrolled = useScrolled();
  return (
    <header className={s.top} data-solid={scrolled || undefined} data-nav="row" data-nav-aside="">
      <Link to="/home" aria-label={brand} className={s.logo}>
        <Logo brand={brand} />
      </Link>
      <nav className={s.links} aria-label={t('mainMenu')}>
        <Link to="/home" activeOptions={{ exact: true }}>
          {t('home')}
        </Link>
        <Link to="/browse" search={{ kind: 'movie' }} activeOptions={{ includeSearch: true }}>
          {t('movies')}
        </Link>
        <Link to="/browse" search={{ kind: 'series' }} activeOptions={{ includeSearch: true }}>
          {t('series')}
        </Link>
        <Link to="/list">{t('myList')}</Link>
        {isAdmin && <Link to="/admin">{t('admin')}</Link>}
      </nav>
      <Link to="/search" search={{}} className={s.icon} aria-label={t('search')}>
        <Search />
      </Link>
      <Link to="/me" className={s.avatar} aria-label={t('me')}>
        <Avatar profile={profile} />
      </Link>
    </header>
  );
}

interface NavItem {
  key: 'home' | 'movies' | 'series' | 'search' | 'myList' | 'admin' | 'me';
  icon: ReactNode;
  link:
    | { to: '/home' | '/me' | '/list' | '/admin' }
    | { to: '/search'; search: Record<string, never> }
    | { to: '/browse'; search: { kind?: 'movie' | 'series' } };
}

const navItems: NavItem[] = [
  { key: 'home', icon: <House />, link: { to: '/home' } },
  { key: 'movies', icon: <Clapperboard />, link: { to: '/browse', search: { kind: 'movie' } } },
  { key: 'series', icon: <Tv />, link: { to: '/browse', search: { kind: 'series' } } },
  { key: 'search', icon: <Search />, link: { to: '/search', search: {} } },
  { key: 'myList', icon: <Heart />, link: { to: '/list' } },
  { key: 'admin', icon: <Settings2 />, link: { to: '/admin' } },
  { key: 'me', icon: <UserRound />, link: { to: '/me' } },
];

/** The menu entry of a location. The browse page is two entries, one for each kind. */
function currentItem({ pathname, search }: { pathname: string; search: { kind?: 'movie' | 'series' } }): NavItem['key'] | undefined {
  if (pathname === '/browse') return search.kind === 'movie' ? 'movies' : search.kind;
  return navItems.find(({ link }) => link.to === pathname)?.key;
}

function NavItems({ without }: { without: NavItem['key'][] }) {
  const t = useT();
  const here = useLocation({ select: currentItem });
  return navItems
    .filter(({ key }) => !without.includes(key))
    .map(({ key, icon, link }) => (
      <Link
        key={key}
        {...link}
        activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
        aria-current={key === here ? 'page' : undefined}
      >
        <span className={s.glyph} data-nav-here={key === here || undefined}>
          {icon}
        </span>
        <span className={s.word}>{t(key)}</span>
      </Link>
    ));
}

function PhoneBars() {
  const t = useT();
  const { brand } = useAccount();
  const scrolled = useScrolled();
  return (
    <>
      <header className={s.top} data-solid={scrolled || undefined}>
        <Link to="/home" aria-label={brand} className={s.logo}>
          <Logo brand={brand} />
        </Link>
      </header>
      <nav className={s.tabs} aria-label={t('mainMenu')} data-nav="row" data-nav-aside="">
        <NavItems without={['myList', 'admin']} />
      </nav>
    </>
  );
}

function Rail() {
  const t = useT();
  const { brand, isAdmin } = useAccount();
  return (
    <nav className={s.rail} aria-label={t('mainMenu')} data-nav="col" data-nav-aside="" data-nav-remember="">
      <span className={s.railLogo}>
        <Logo brand={brand} />
      </span>
      <NavItems without={isAdmin ? [] : ['admin']} />
    </nav>
  );
}
