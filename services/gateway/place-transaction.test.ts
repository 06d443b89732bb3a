import type { Outcome, Transaction, TransactionOrder } from '@florin/contracts';
import { RetryableError, systemClock } from '@florin/kernel';
import { createLogger } from '@florin/runtime';
import { describe, expect, test } from 'vitest';
import { overloaded } from './domain/refusal.ts';
import { pendingTransactionOf } from './domain/order.ts';
import { createPlaceTransaction, type PlacementDeps } from './place-transaction.ts';

const order: TransactionOrder = {
  type: 'transfer',
  transactionId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  clientId: 'ana',
  bodyHash: 'h'.repeat(22),
  walletId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990',
  counterpartyWalletId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073991',
  amount: '100',
  currency: 'USD',
};
const { transactionId: id } = order;

const transaction = (changes: Partial<Transaction> = {}): Transaction => ({
  ...pendingTransactionOf(order, '2026-01-01T00:00:00Z'),
  status: 'completed',
  ...changes,
});

const decided = (changes: Partial<Transaction> = {}, replayed = false): Outcome => ({
  kind: 'transaction',
  requestId: id,
  transaction: transaction(changes),
  replayed,
});

interface World {
  /** What the inbox hears before the time is up. */
  heard?: Outcome;
  /** What the ledger answers when asked: null for an unknown transaction. */
  ledger?: Transaction | null | 'away';
  store?: 'stores' | 'reused' | 'away';
  waitingFor?: string;
  admit?: boolean;
}

/** The use case in a world of the given kind, and what it did there. */
function place(world: World, waitMs = 5_000) {
  const did: string[] = [];
  const deps = {
    admit: () => (world.admit === false ? overloaded('full') : undefined),
    inbox: { waitingFor: () => world.waitingFor, wait: async () => world.heard },
    lanes: { send: () => did.push('sent') },
    ledger: {
      getTransaction: async () => {
        did.push('asked');
        if (world.ledger === 'away') throw new RetryableError('away');
        return { transaction: world.ledger ?? null, clientId: null };
      },
    },
    submissions: {
      store: async () => {
        did.push('stored');
        if (world.store === 'away') throw new RetryableError('away');
        return new Set(world.store === 'reused' ? [id] : []);
      },
    },
    clock: systemClock,
    log: createLogger('test', 'silent'),
  };
  const placeTransaction = createPlaceTransaction(deps as unknown as PlacementDeps);
  return placeTransaction(order, { requestId: 'r', waitMs }).then((placement) => ({
    placement,
    did,
  }));
}

const pending = { status: 'pending' } as const;

describe('hunts outcomes that are told wrongly, and promises that are not kept', () => {
  const CASES: [what: string, world: World, placement: object, did: string[]][] = [
    [
      'decided in time',
      { heard: decided() },
      { state: 'decided', replayed: false, transaction: { status: 'completed' } },
      ['sent'],
    ],
    [
      'decided before',
      { heard: decided({}, true) },
      { state: 'decided', replayed: true },
      ['sent'],
    ],
    ['held', { heard: decided({ status: 'held' }) }, { state: 'decided' }, ['sent']],
    [
      'the key was used before',
      { heard: { kind: 'key-reused', requestId: id } },
      { refused: 'idempotency-key-reused' },
      ['sent'],
    ],
    [
      'the bank is slow',
      { heard: decided(pending), ledger: transaction(pending) },
      { state: 'pending' },
      ['sent', 'asked'],
    ],
    [
      'the bank is slow and the ledger away: the ledger has it nevertheless',
      { heard: decided(pending), ledger: 'away' },
      { state: 'pending' },
      ['sent', 'asked'],
    ],
    [
      'settled where we did not hear it',
      { heard: decided(pending, true), ledger: transaction() },
      { state: 'decided', replayed: true },
      ['sent', 'asked'],
    ],
    [
      'the outcome was lost',
      { ledger: transaction() },
      { state: 'decided', replayed: false },
      ['sent', 'asked'],
    ],
    [
      'the outcome of another request was lost',
      { ledger: transaction({ amount: '101' }) },
      { refused: 'idempotency-key-reused' },
      ['sent', 'asked'],
    ],
    [
      'nobody has decided',
      { ledger: null },
      { state: 'pending', transaction: { id, status: 'pending' } },
      ['sent', 'asked', 'stored'],
    ],
    ['the ledger is away', { ledger: 'away' }, { state: 'pending' }, ['sent', 'asked', 'stored']],
    [
      'it was promised with another body',
      { ledger: null, store: 'reused' },
      { refused: 'idempotency-key-reused' },
      ['sent', 'asked', 'stored'],
    ],
    [
      'nothing can be promised',
      { ledger: 'away', store: 'away' },
      { refused: 'overloaded', retryAfterSeconds: 1 },
      ['sent', 'asked', 'stored'],
    ],
    ['no room', { admit: false }, { refused: 'overloaded', retryAfterSeconds: 1 }, []],
    [
      'the same request runs',
      { waitingFor: order.bodyHash },
      { refused: 'idempotency-request-in-flight' },
      [],
    ],
    [
      'another request runs under this key',
      { waitingFor: 'other' },
      { refused: 'idempotency-key-reused' },
      [],
    ],
  ];

  test.each(CASES)('%s', async (_, world, placement, did) => {
    expect(await place(world)).toMatchObject({ placement, did });
  });
});

describe('hunts a 202 that is given before it is durable', () => {
  const CASES: [what: string, world: World, placement: object, did: string[]][] = [
    ['new', { ledger: null }, { state: 'pending' }, ['asked', 'stored', 'sent']],
    ['known', { ledger: transaction() }, { state: 'decided', replayed: true }, ['asked']],
    ['reused', { store: 'reused' }, { refused: 'idempotency-key-reused' }, ['asked', 'stored']],
    ['not stored', { store: 'away' }, { refused: 'overloaded' }, ['asked', 'stored']],
  ];

  test.each(CASES)('%s', async (_, world, placement, did) => {
    expect(await place(world, 0)).toMatchObject({ placement, did });
  });
});
