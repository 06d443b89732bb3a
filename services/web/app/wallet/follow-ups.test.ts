import type { Role } from '@florin/contracts';
import { expect, test } from 'vitest';
import type { TransactionView } from '../api/answers.ts';
import { followUpsOf } from './follow-ups.ts';

const base = {
  id: 't',
  type: 'transfer',
  status: 'completed',
  walletId: 'payer',
  counterpartyWalletId: 'payee',
  amount: '1000',
  currency: 'EUR',
  createdAt: '2026-01-01T00:00:00Z',
} as const satisfies TransactionView;

const hold = {
  type: 'hold',
  status: 'held',
  hold: { capturedAmount: '300', releasedAmount: '0', expiresAt: '2026-01-02T00:00:00Z' },
} as const;

const userWith = (role: Role) => ({
  id: 'u',
  email: 'u@florin.dev',
  name: 'U',
  roles: [role],
  kycLevel: 0,
  emailVerified: true,
  twoFactor: false,
});

type Case = [who: string, mine: string[], role: Role, Partial<TransactionView>, found: string[]];

test.each([
  ['who was paid', ['payee'], 'user', {}, ['reverse 1000']],
  ['who was paid, after a part', ['payee'], 'user', { reversedAmount: '400' }, ['reverse 600']],
  ['who was paid, after all', ['payee'], 'user', { reversedAmount: '1000' }, []],
  ['who has paid', ['payer'], 'user', {}, []],
  ['who moved it between wallets', ['payer', 'payee'], 'user', {}, []],
  ['an operator', [], 'operator', {}, ['reverse 1000']],
  ['support', [], 'support', {}, []],
  ['who was to be paid', ['payee'], 'user', { status: 'failed' }, []],
  ['the owner of a deposit', ['payer'], 'user', { type: 'deposit' }, []],
  ['an operator, of a deposit', [], 'operator', { type: 'deposit' }, ['reverse 1000']],
  ['an operator, of a reversal', [], 'operator', { type: 'reversal' }, []],
  ['who may take a hold', ['payee'], 'user', hold, ['capture 700', 'release 700']],
  ['who placed a hold', ['payer'], 'user', hold, ['capture 700', 'release 700']],
  ['an operator, of a hold', [], 'operator', hold, []],
  ['who held what is done', ['payee'], 'user', { ...hold, status: 'completed' }, []],
] as Case[])('nobody is offered what the API refuses: %s', (_who, mine, role, facts, found) => {
  const isMine = (id: string): boolean => mine.includes(id);
  const offered = followUpsOf({ ...base, ...facts }, userWith(role), isMine);
  expect(offered.map(({ action, most }) => `${action} ${most}`)).toEqual(found);
});
