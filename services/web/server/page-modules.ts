/**
 * Which module is the page of which address: the server tells browsers what to fetch before the app
 * could. Addresses that are not here are slower, not broken. A test compares it with the router.
 */
const PAGES: readonly (readonly [pattern: string, module: string])[] = [
  ['/', 'wallet/home'],
  ['/sign-in', 'session/sign-in'],
  ['/sign-up', 'session/sign-up'],
  ['/forgot-password', 'session/forgot-password'],
  ['/reset-password', 'session/reset-password'],
  ['/verify-email', 'session/verify-email'],
  ['/wallets/*', 'wallet/wallet'],
  ['/activity', 'wallet/activity'],
  ['/transactions/*', 'wallet/transaction'],
  ['/send', 'wallet/send'],
  ['/deposit', 'wallet/bank-payment'],
  ['/withdraw', 'wallet/bank-payment'],
  ['/notifications', 'inbox/inbox'],
  ['/settings', 'settings/settings'],
  ['/developer', 'developer/developer'],
  ['/convert', 'more/convert'],
  ['/requests', 'more/requests'],
  ['/split', 'more/split'],
  ['/schedules', 'more/schedules'],
  ['/rewards', 'more/rewards'],
  ['/files', 'more/files'],
  ['/console', 'console/overview'],
  ['/console/reviews', 'console/reviews'],
  ['/console/reviews/*', 'console/review'],
  ['/console/documents', 'console/documents'],
  ['/console/wallets', 'console/wallets'],
  ['/console/flags', 'console/flags'],
  ['/console/banks', 'console/banks'],
  ['/console/books', 'console/books'],
  ['/console/model', 'console/model'],
  ['/console/users', 'console/users'],
  ['/console/audit', 'console/audit'],
  ['/console/applications', 'console/applications'],
  ['/console/adjustments', 'control/adjustments'],
  ['/console/fees', 'control/fees'],
  ['/console/reward-rules', 'control/reward-rules'],
  ['/console/positions', 'control/positions'],
  ['/console/breaks', 'control/breaks'],
  ['/console/dead-letters', 'control/dead-letters'],
];

const partsOf = (path: string): string[] => path.split('/').filter(Boolean);

function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [partsOf(pattern), partsOf(path)];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part === '*' || part === given[index])
  );
}

export const PAGE_MODULES: readonly string[] = PAGES.map(([, name]) => `app/${name}-page.tsx`);

/** The module of the page at this path, undefined where there is none. */
export function pageModuleOf(path: string): string | undefined {
  const name = PAGES.find(([pattern]) => fits(pattern, path))?.[1];
  return name === undefined ? undefined : `app/${name}-page.tsx`;
}
