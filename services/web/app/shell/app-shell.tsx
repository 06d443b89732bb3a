import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  Activity,
  AppWindow,
  ArrowLeftRight,
  ArrowUpRight,
  Bell,
  Building2,
  ChartSpline,
  FileCheck2,
  Flag,
  Gauge,
  Gift,
  House,
  MailX,
  Receipt,
  Scale,
  ScrollText,
  Settings,
  ShieldAlert,
  Unlink,
  Users,
  UsersRound,
  WalletCards,
  type LucideIcon,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveUpdates } from '../api/live-updates.ts';
import { useParts } from '../api/parts.ts';
import type { UserView } from '../api/answers.ts';
import { may, type Duty } from '../session/staff.ts';
import { Logo } from './logo.tsx';
import { MORE_PLACES } from './more-places.ts';
import { OfflineNotice } from './offline-notice.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { whenIdle } from '../ui/when-idle.ts';

const loadToasts = () => import('../ui/toasts.tsx');

/**
 * What is said for a moment is said after the page is there. Without a connection it comes when
 * that is back; the shell never falls for want of it.
 */
const Toasts = lazy(async () => {
  await whenIdle();
  try {
    return await loadToasts();
  } catch {
    await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
    return loadToasts().catch(() => ({ default: () => <></> }));
  }
});

const PERSON = [
  { to: '/', icon: House, text: 'nav.home', tab: 'tab.home' },
  { to: '/activity', icon: Activity, text: 'nav.activity', tab: 'tab.activity' },
  { to: '/send', icon: ArrowUpRight, text: 'nav.send', tab: 'tab.send' },
  { to: '/notifications', icon: Bell, text: 'nav.inbox', tab: 'tab.inbox' },
  { to: '/settings', icon: Settings, text: 'nav.settings', tab: 'tab.settings' },
] as const;

const STAFF = [
  { to: '/console', icon: Gauge, text: 'nav.overview', duty: 'supervise' },
  { to: '/console/reviews', icon: ShieldAlert, text: 'nav.reviews', duty: 'see-risk' },
  { to: '/console/documents', icon: FileCheck2, text: 'nav.documents', duty: 'see-documents' },
  { to: '/console/wallets', icon: WalletCards, text: 'nav.wallets', duty: 'supervise' },
  { to: '/console/flags', icon: Flag, text: 'nav.flags', duty: 'see-risk' },
  { to: '/console/banks', icon: Building2, text: 'nav.banks', duty: 'supervise' },
  { to: '/console/books', icon: Scale, text: 'nav.books', duty: 'see-books' },
  { to: '/console/breaks', icon: Unlink, text: 'nav.breaks', duty: 'see-books' },
  { to: '/console/adjustments', icon: UsersRound, text: 'nav.adjustments', duty: 'see-books' },
  { to: '/console/positions', icon: ArrowLeftRight, text: 'nav.positions', duty: 'see-books' },
  { to: '/console/fees', icon: Receipt, text: 'nav.fees', duty: 'see-fees' },
  { to: '/console/reward-rules', icon: Gift, text: 'nav.rewardRules', duty: 'see-books' },
  { to: '/console/dead-letters', icon: MailX, text: 'nav.deadLetters', duty: 'see-books' },
  { to: '/console/audit', icon: ScrollText, text: 'nav.audit', duty: 'see-books' },
  { to: '/console/model', icon: ChartSpline, text: 'nav.model', duty: 'see-risk' },
  { to: '/console/users', icon: Users, text: 'nav.users', duty: 'see-people' },
  { to: '/console/applications', icon: AppWindow, text: 'nav.applications', duty: 'see-books' },
] as const satisfies readonly { duty: Duty; [other: string]: unknown }[];

const placesOf = (me: UserView | undefined) => STAFF.filter(({ duty }) => may(me, duty));

type Place = (typeof PERSON | typeof MORE_PLACES | typeof STAFF)[number];

/** These are the beginnings of others' paths: they are current only when they are exact. */
const isExact = (to: string): boolean => to === '/' || to === '/console';

/** How many messages of the newest page nobody has read. */
function UnreadCount() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data } = useInfiniteQuery(queries.notifications());
  const count = data?.pages[0]?.items.filter(({ readAt }) => readAt === undefined).length ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={joinClasses(
        'tabular ml-auto grid min-w-5.5 place-items-center rounded-full bg-brand px-1.5',
        'text-xs font-bold text-on-brand',
      )}
    >
      {count}
      <span className="sr-only"> {t('inbox.unread')}</span>
    </span>
  );
}

function SideLink({ to, icon: Icon, text }: Place) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      activeOptions={{ exact: isExact(to) }}
      className={joinClasses(
        'flex min-h-9.5 items-center gap-3 rounded-control px-3 text-sm font-semibold',
        'text-muted transition-colors hover:bg-sunken hover:text-ink',
      )}
      activeProps={{ className: 'bg-brand-soft !text-brand' }}
    >
      <Icon className="size-5" aria-hidden />
      {t(text)}
      {to === '/notifications' && <UnreadCount />}
    </Link>
  );
}

interface TabLinkProps {
  to: Place['to'];
  icon: LucideIcon;
  text: 'tab.home' | 'tab.activity' | 'tab.send' | 'tab.inbox' | 'tab.settings' | 'tab.console';
}

function TabLink({ to, icon: Icon, text }: TabLinkProps) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className={joinClasses(
        'flex min-h-14 min-w-0 flex-1',
        'flex-col items-center justify-center gap-0.5 text-[0.6875rem]',
        'font-semibold text-muted',
      )}
      activeProps={{ className: '!text-brand' }}
    >
      <Icon className="size-5" aria-hidden />
      {t(text)}
    </Link>
  );
}

function SideBar({ me, atWork }: { me: UserView | undefined; atWork: boolean }) {
  const { t } = useTranslation();
  const places = placesOf(me);
  return (
    <aside
      className={joinClasses(
        'sticky top-0 hidden h-dvh w-60 shrink-0 flex-col gap-6 overflow-y-auto',
        'p-5 lg:flex',
      )}
    >
      <Link to="/" className="flex items-center gap-3 px-2 text-lg font-bold tracking-tight">
        <Logo className="size-9" />
        Florin
      </Link>
      <nav aria-label={t('nav.wallet')} className={joinClasses('grid', atWork && 'order-last')}>
        {[...PERSON.slice(0, 3), ...MORE_PLACES, ...PERSON.slice(3)].map((place) => (
          <SideLink key={place.to} {...place} />
        ))}
      </nav>
      {places.length > 0 && (
        <nav aria-label={t('nav.console')} className="grid">
          <p className="px-3 pb-1 text-xs font-bold text-muted">{t('nav.console')}</p>
          {places.map((place) => (
            <SideLink key={place.to} {...place} />
          ))}
        </nav>
      )}
    </aside>
  );
}

/** On phones the console has a row of its own on top: six tabs more would not fit below. */
function ConsoleRow({ me, path }: { me: UserView | undefined; path: string }) {
  const { t } = useTranslation();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = row.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return (
    <nav
      ref={row}
      aria-label={t('nav.console')}
      className="flex gap-1 overflow-x-auto border-b border-line bg-surface px-2 lg:hidden"
    >
      {placesOf(me).map(({ to, text }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: isExact(to) }}
          className={joinClasses(
            'flex min-h-11 items-center border-b-2 border-transparent px-3 text-sm',
            'font-semibold whitespace-nowrap text-muted',
          )}
          activeProps={{ className: '!border-brand !text-brand' }}
        >
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}

/** A new page is read from its beginning: focus goes to its main part. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return { main, path };
}

export function AppShell() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useQuery(queries.me());
  const { main, path } = useFocusOnNavigation();
  const staff = may(me, 'supervise');
  useLiveUpdates();
  return (
    <div className="mx-auto flex min-h-dvh max-w-7xl">
      <a
        href="#main"
        className={joinClasses(
          'fixed top-2 left-2 z-60 -translate-y-20 rounded-control bg-brand px-4 py-3',
          'font-semibold text-on-brand focus:translate-y-0',
        )}
      >
        {t('skip')}
      </a>
      <SideBar me={me} atWork={path.startsWith('/console')} />
      <div className="flex min-w-0 flex-1 flex-col border-line lg:border-l">
        <OfflineNotice />
        {staff && path.startsWith('/console') && <ConsoleRow me={me} path={path} />}
        <main
          ref={main}
          id="main"
          tabIndex={-1}
          className="w-full flex-1 px-4 pt-6 pb-28 outline-none sm:px-8 sm:pt-10 lg:pb-12"
        >
          <Outlet />
        </main>
        <nav
          aria-label={t('nav.wallet')}
          className={joinClasses(
            'fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-surface',
            'pb-[env(safe-area-inset-bottom)] lg:hidden',
          )}
        >
          {PERSON.map(({ to, icon, tab }) => (
            <TabLink key={to} to={to} icon={icon} text={tab} />
          ))}
          {staff && <TabLink to="/console" icon={Gauge} text="tab.console" />}
        </nav>
      </div>
      <Suspense>
        <Toasts />
      </Suspense>
    </div>
  );
}
