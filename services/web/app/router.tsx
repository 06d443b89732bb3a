import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { TransactionStatus, TransactionType } from '@florin/contracts';
import type { Parts } from './api/parts.ts';
import { loadTexts } from './i18n/start-i18n.ts';
import { may } from './session/staff.ts';
import { readNext, readTexts } from './shell/read-search.ts';
import { FaultPage, NotFoundPage, PagePending } from './shell/fallbacks.tsx';
import { AppShell } from './shell/app-shell.tsx';

const rootRoute = createRootRouteWithContext<Parts>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: FaultPage,
});

/** Pages for strangers; who is signed in goes on to where they wanted to be. */
const publicRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'public',
  validateSearch: readNext,
  async beforeLoad({ context: { session }, search }) {
    if ((await session.token()) !== undefined) redirect({ href: search.next ?? '/', throw: true });
  },
});
const signInRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./session/sign-in-page.tsx'), 'SignInPage'),
});
const signUpRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./session/sign-up-page.tsx'), 'SignUpPage'),
});

const forgotRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('./session/forgot-password-page.tsx'),
    'ForgotPasswordPage',
  ),
});
/** Where letters lead: for whoever opens them, signed in or not. */
const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('./session/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});
const verifyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('./session/verify-email-page.tsx'), 'VerifyEmailPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: AppShell,
  async beforeLoad({ context: { session }, location }) {
    if ((await session.token()) !== undefined) return;
    const next = location.href === '/' ? undefined : location.href;
    redirect({ to: '/sign-in', search: next === undefined ? {} : { next }, throw: true });
  },
  loader: ({ context: { queryClient, queries } }) =>
    Promise.all([
      queryClient.ensureQueryData(queries.me()),
      queryClient.ensureQueryData(queries.wallets()),
    ]),
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./wallet/home-page.tsx'), 'HomePage'),
});
const walletRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/wallets/$walletId',
  component: lazyRouteComponent(() => import('./wallet/wallet-page.tsx'), 'WalletPage'),
});

/** Names that are none are the API's to refuse. */
const activitySearch = readTexts(
  'text',
  'wallet',
  'type',
  'status',
  'currency',
  'min',
  'max',
  'from',
  'to',
) as (search: Record<string, unknown>) => {
  text?: string;
  wallet?: string;
  type?: TransactionType;
  status?: TransactionStatus;
  currency?: string;
  min?: string;
  max?: string;
  from?: string;
  to?: string;
};
const activityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/activity',
  validateSearch: activitySearch,
  component: lazyRouteComponent(() => import('./wallet/activity-page.tsx'), 'ActivityPage'),
});
const transactionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/transactions/$transactionId',
  component: lazyRouteComponent(() => import('./wallet/transaction-page.tsx'), 'TransactionPage'),
});

/** Forms that move money may be opened for one wallet. */
const paymentSearch = readTexts('wallet');
const sendRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/send',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./wallet/send-page.tsx'), 'SendPage'),
});
const depositRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/deposit',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./wallet/bank-payment-page.tsx'), 'DepositPage'),
});
const withdrawRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/withdraw',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./wallet/bank-payment-page.tsx'), 'WithdrawPage'),
});
const inboxRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./inbox/inbox-page.tsx'), 'InboxPage'),
});
const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** Pages with texts of their own, for the few that open them. */
const moreRoute = createRoute({
  getParentRoute: () => appRoute,
  id: 'more',
  component: Outlet,
  beforeLoad: () => loadTexts('more'),
});
const developerRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/developer',
  component: lazyRouteComponent(() => import('./developer/developer-page.tsx'), 'DeveloperPage'),
});

const convertRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/convert',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./more/convert-page.tsx'), 'ConvertPage'),
});
const splitRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/split',
  component: lazyRouteComponent(() => import('./more/split-page.tsx'), 'SplitPage'),
});
const requestsRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/requests',
  component: lazyRouteComponent(() => import('./more/requests-page.tsx'), 'RequestsPage'),
});
const schedulesRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/schedules',
  component: lazyRouteComponent(() => import('./more/schedules-page.tsx'), 'SchedulesPage'),
});
const rewardsRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/rewards',
  component: lazyRouteComponent(() => import('./more/rewards-page.tsx'), 'RewardsPage'),
});

const filesRoute = createRoute({
  getParentRoute: () => moreRoute,
  path: '/files',
  component: lazyRouteComponent(() => import('./more/files-page.tsx'), 'FilesPage'),
});

const consoleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/console',
  component: Outlet,
  async beforeLoad({ context: { queryClient, queries } }) {
    const me = await queryClient.ensureQueryData(queries.me());
    if (!may(me, 'supervise')) redirect({ to: '/', throw: true });
    await loadTexts('console');
  },
});
const consolePage = <const P extends string>(
  path: P,
  component: ReturnType<typeof lazyRouteComponent>,
) => createRoute({ getParentRoute: () => consoleRoute, path, component });

const consoleRoutes = [
  consolePage(
    '/',
    lazyRouteComponent(() => import('./console/overview-page.tsx'), 'OverviewPage'),
  ),
  consolePage(
    '/reviews',
    lazyRouteComponent(() => import('./console/reviews-page.tsx'), 'ReviewsPage'),
  ),
  consolePage(
    '/reviews/$transactionId',
    lazyRouteComponent(() => import('./console/review-page.tsx'), 'ReviewPage'),
  ),
  consolePage(
    '/documents',
    lazyRouteComponent(() => import('./console/documents-page.tsx'), 'DocumentsPage'),
  ),
  createRoute({
    getParentRoute: () => consoleRoute,
    path: '/wallets',
    validateSearch: readTexts('owner'),
    component: lazyRouteComponent(() => import('./console/wallets-page.tsx'), 'WalletsPage'),
  }),
  consolePage(
    '/flags',
    lazyRouteComponent(() => import('./console/flags-page.tsx'), 'FlagsPage'),
  ),
  consolePage(
    '/banks',
    lazyRouteComponent(() => import('./console/banks-page.tsx'), 'BanksPage'),
  ),
  consolePage(
    '/model',
    lazyRouteComponent(() => import('./console/model-page.tsx'), 'ModelPage'),
  ),
  consolePage(
    '/users',
    lazyRouteComponent(() => import('./console/users-page.tsx'), 'UsersPage'),
  ),
  consolePage(
    '/audit',
    lazyRouteComponent(() => import('./console/audit-page.tsx'), 'AuditPage'),
  ),
  consolePage(
    '/applications',
    lazyRouteComponent(() => import('./console/applications-page.tsx'), 'ApplicationsPage'),
  ),
  consolePage(
    '/books',
    lazyRouteComponent(() => import('./console/books-page.tsx'), 'BooksPage'),
  ),
] as const;

/** Pages to steer by, with texts of their own. */
const controlRoute = createRoute({
  getParentRoute: () => consoleRoute,
  id: 'control',
  component: Outlet,
  beforeLoad: () => loadTexts('control'),
});
const controlRoutes = [
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/adjustments',
    validateSearch: readTexts('wallet'),
    component: lazyRouteComponent(
      () => import('./control/adjustments-page.tsx'),
      'AdjustmentsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/fees',
    component: lazyRouteComponent(() => import('./control/fees-page.tsx'), 'FeesPage'),
  }),
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/reward-rules',
    // What a rule promises is told as people are told it.
    beforeLoad: () => loadTexts('more'),
    component: lazyRouteComponent(
      () => import('./control/reward-rules-page.tsx'),
      'RewardRulesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/positions',
    component: lazyRouteComponent(() => import('./control/positions-page.tsx'), 'PositionsPage'),
  }),
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/breaks',
    component: lazyRouteComponent(() => import('./control/breaks-page.tsx'), 'BreaksPage'),
  }),
  createRoute({
    getParentRoute: () => controlRoute,
    path: '/dead-letters',
    component: lazyRouteComponent(
      () => import('./control/dead-letters-page.tsx'),
      'DeadLettersPage',
    ),
  }),
] as const;

const routeTree = rootRoute.addChildren([
  publicRoute.addChildren([signInRoute, signUpRoute, forgotRoute]),
  resetRoute,
  verifyRoute,
  appRoute.addChildren([
    homeRoute,
    walletRoute,
    activityRoute,
    transactionRoute,
    sendRoute,
    depositRoute,
    withdrawRoute,
    inboxRoute,
    settingsRoute,
    moreRoute.addChildren([
      developerRoute,
      convertRoute,
      requestsRoute,
      splitRoute,
      schedulesRoute,
      rewardsRoute,
      filesRoute,
    ]),
    consoleRoute.addChildren([...consoleRoutes, controlRoute.addChildren([...controlRoutes])]),
  ]),
]);

export const createAppRouter = (context: Parts) =>
  createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    defaultPendingComponent: PagePending,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
