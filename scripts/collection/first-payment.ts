/** A request of the walk: an operation of the API, told as a person would. */
export interface WalkStep {
  name: string;
  operation: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;
  /** Who asks; nobody unless given. */
  as?: 'accessToken' | 'otherToken' | 'operatorToken' | 'machineToken';
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: object;
  /** Variables that are taken from the answer. */
  takes?: Record<string, string>;
  /** What must be true of the answer, in Bruno's words. */
  asserts: Record<string, string>;
}

const MONEY = { 'Idempotency-Key': '{{$guid}}', Prefer: 'wait=20' };
const me = { as: 'accessToken' } as const;
const ok = { 'res.status': 'eq 200' };
const made = { 'res.status': 'eq 201' };

/** From a platform where nobody is known to payments that were made, refused and given back. */
export const FIRST_PAYMENT: WalkStep[] = [
  { name: 'Is it up', operation: 'GET /readyz', asserts: { ...ok, 'res.body.ok': 'eq true' } },
  {
    name: 'Token for a machine',
    operation: 'POST /oauth/token',
    body: {
      grant_type: 'client_credentials',
      client_id: '{{clientId}}',
      client_secret: '{{clientSecret}}',
    },
    takes: { machineToken: 'res.body.access_token' },
    asserts: { ...ok, 'res.body.token_type': 'eq Bearer' },
  },
  {
    name: 'Register',
    operation: 'POST /v1/auth/register',
    body: { email: '{{$randomEmail}}', password: '{{password}}', name: 'Ada Example' },
    takes: { email: 'res.body.email', userId: 'res.body.id' },
    asserts: { ...made, 'res.body.name': 'eq Ada Example', 'res.body.id': 'isDefined' },
  },
  {
    name: 'Sign in',
    operation: 'POST /v1/auth/login',
    body: { email: '{{email}}', password: '{{password}}' },
    takes: { accessToken: 'res.body.accessToken', refreshToken: 'res.body.refreshToken' },
    asserts: { ...ok, 'res.body.accessToken': 'isDefined', 'res.body.refreshToken': 'isDefined' },
  },
  {
    ...me,
    name: 'Who am I',
    operation: 'GET /v1/me',
    asserts: { ...ok, 'res.body.email': 'eq {{email}}', 'res.body.id': 'eq {{userId}}' },
  },
  {
    ...me,
    name: 'Open a wallet',
    operation: 'POST /v1/wallets',
    body: { currency: 'USD', name: 'Pocket' },
    takes: { walletId: 'res.body.id' },
    asserts: { ...made, 'res.body.balances.posted': 'eq 0', 'res.body.currency': 'eq USD' },
  },
  {
    name: 'Register somebody else',
    operation: 'POST /v1/auth/register',
    body: { email: '{{$randomEmail}}', password: '{{password}}', name: 'Ben Example' },
    takes: { otherEmail: 'res.body.email' },
    asserts: made,
  },
  {
    name: 'Sign in as somebody else',
    operation: 'POST /v1/auth/login',
    body: { email: '{{otherEmail}}', password: '{{password}}' },
    takes: { otherToken: 'res.body.accessToken' },
    asserts: ok,
  },
  {
    name: 'Open a wallet for them',
    operation: 'POST /v1/wallets',
    as: 'otherToken',
    body: { currency: 'USD', name: 'Pocket' },
    takes: { otherWalletId: 'res.body.id' },
    asserts: made,
  },
  {
    ...me,
    name: 'Bring money from a bank',
    operation: 'POST /v1/deposits',
    headers: MONEY,
    body: { walletId: '{{walletId}}', amount: '10000', bankAccount: 'ok' },
    asserts: {
      ...made,
      'res.body.status': 'eq completed',
      'res.body.balances.available': 'eq 10000',
    },
  },
  {
    ...me,
    name: 'What would a transfer do',
    operation: 'POST /v1/transfers',
    query: { dryRun: 'true' },
    body: { fromWalletId: '{{walletId}}', toWalletId: '{{otherWalletId}}', amount: '2500' },
    asserts: ok,
  },
  {
    ...me,
    name: 'Send money',
    operation: 'POST /v1/transfers',
    headers: MONEY,
    body: {
      fromWalletId: '{{walletId}}',
      toEmail: '{{otherEmail}}',
      amount: '2500',
      description: 'Lunch',
    },
    takes: { transactionId: 'res.body.id' },
    asserts: {
      ...made,
      'res.body.status': 'eq completed',
      'res.body.counterpartyWalletId': 'eq {{otherWalletId}}',
      'res.body.balances.available': 'eq 7500',
    },
  },
  {
    ...me,
    name: 'Look at it again',
    operation: 'GET /v1/transactions/{id}',
    params: { id: '{{transactionId}}' },
    asserts: { ...ok, 'res.body.amount': 'eq 2500', 'res.body.description': 'eq Lunch' },
  },
  {
    as: 'otherToken',
    name: 'They have it',
    operation: 'GET /v1/wallets/{id}',
    params: { id: '{{otherWalletId}}' },
    asserts: { ...ok, 'res.body.balances.posted': 'eq 2500' },
  },
  {
    ...me,
    name: 'Their wallet is not mine to look into',
    operation: 'GET /v1/wallets/{id}',
    params: { id: '{{otherWalletId}}' },
    asserts: { 'res.status': 'eq 404', 'res.body.code': 'eq not-found' },
  },
  {
    ...me,
    name: 'More than there is',
    operation: 'POST /v1/transfers',
    headers: MONEY,
    body: { fromWalletId: '{{walletId}}', toWalletId: '{{otherWalletId}}', amount: '999999' },
    asserts: { 'res.status': 'eq 422', 'res.body.code': 'eq insufficient-funds' },
  },
  {
    ...me,
    name: 'Reserve some',
    operation: 'POST /v1/holds',
    headers: MONEY,
    body: { walletId: '{{walletId}}', toWalletId: '{{otherWalletId}}', amount: '1000' },
    takes: { holdId: 'res.body.id' },
    asserts: { ...made, 'res.body.status': 'eq held', 'res.body.balances.held': 'eq 1000' },
  },
  {
    ...me,
    name: 'Capture part of it',
    operation: 'POST /v1/holds/{id}/capture',
    params: { id: '{{holdId}}' },
    headers: MONEY,
    body: { amount: '400', final: true },
    asserts: { ...made, 'res.body.amount': 'eq 400' },
  },
  {
    as: 'otherToken',
    name: 'Give some back',
    operation: 'POST /v1/transactions/{id}/reverse',
    params: { id: '{{transactionId}}' },
    headers: MONEY,
    body: { amount: '500', reason: 'Too much' },
    asserts: { ...made, 'res.body.amount': 'eq 500' },
  },
  {
    ...me,
    name: 'What is left',
    operation: 'GET /v1/wallets/{id}',
    params: { id: '{{walletId}}' },
    asserts: { ...ok, 'res.body.balances.posted': 'eq 7600', 'res.body.balances.held': 'eq 0' },
  },
  {
    ...me,
    name: 'Entries of the wallet',
    operation: 'GET /v1/wallets/{id}/entries',
    params: { id: '{{walletId}}' },
    asserts: {
      ...ok,
      'res.body.items': 'length 4',
      'res.body.items[0].balanceAfter': 'eq 7600',
    },
  },
  {
    ...me,
    name: 'Begin to link a bank account',
    operation: 'POST /v1/bank-accounts/link-tokens',
    body: { bank: 'ok' },
    takes: { linkToken: 'res.body.linkToken' },
    asserts: { ...made, 'res.body.linkToken': 'isDefined' },
  },
  {
    name: 'Sign in as an operator',
    operation: 'POST /v1/auth/login',
    body: { email: '{{operatorEmail}}', password: '{{operatorPassword}}' },
    takes: { operatorToken: 'res.body.accessToken' },
    asserts: ok,
  },
  {
    as: 'operatorToken',
    name: 'Do the books agree',
    operation: 'GET /v1/admin/reconciliation',
    asserts: { ...ok, 'res.body.ok': 'eq true', 'res.body.breaks': 'length 0' },
  },
];
