/** Every page that has an address of its own, by who may open it. */

export const STRANGERS = [
  '/sign-in',
  '/sign-up',
  '/forgot-password',
  '/reset-password',
  '/verify-email',
];

export const PEOPLE = [
  '/',
  '/activity',
  '/send',
  '/deposit',
  '/withdraw',
  '/notifications',
  '/settings',
  '/developer',
  '/convert',
  '/split',
  '/requests',
  '/schedules',
  '/rewards',
  '/files',
];

export const STAFF = [
  '',
  '/reviews',
  '/documents',
  '/wallets',
  '/flags',
  '/banks',
  '/books',
  '/breaks',
  '/adjustments',
  '/positions',
  '/fees',
  '/reward-rules',
  '/dead-letters',
  '/audit',
  '/model',
  '/users',
  '/applications',
].map((path) => `/console${path}`);
