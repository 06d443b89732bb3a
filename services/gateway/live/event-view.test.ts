import { createEnvelope, EVENT_TYPES, type LedgerEvent } from '@florin/contracts';
import { expect, test } from 'vitest';
import { eventViewFor } from './event-view.ts';

const PAYER = 'payer';
const PAYEE = 'payee';

const eventOf = (name: 'transaction-completed' | 'transaction-held'): LedgerEvent =>
  createEnvelope(EVENT_TYPES[name], {
    id: '00-1',
    source: 'test',
    wallet: PAYER,
    time: '2026-01-01T00:00:00Z',
    data: {
      partition: 0,
      sequence: 1,
      transaction: {
        id: 't',
        type: 'transfer',
        status: name === 'transaction-held' ? 'held' : 'completed',
        walletId: PAYER,
        counterpartyWalletId: PAYEE,
        amount: '1',
        currency: 'USD',
        balances: { posted: '9', held: '0', available: '9' },
        createdAt: '2026-01-01T00:00:00Z',
      },
      entries: [],
    },
  }) as LedgerEvent;

const seenBy = (event: LedgerEvent, wallet: string): string | undefined =>
  eventViewFor(event, (id) => id === wallet)?.json;

test('hunts what one side was shown and the other side is shown again', () => {
  for (const [first, second] of [
    [PAYER, PAYEE],
    [PAYEE, PAYER],
  ] as const) {
    const event = eventOf('transaction-completed');
    const views = { [first]: seenBy(event, first), [second]: seenBy(event, second) };
    expect(views[PAYER]).toContain('balances');
    expect(views[PAYEE]).not.toContain('balances');
    expect(views[PAYEE]).toContain('"amount":"1"');
    expect(seenBy(event, first)).toBe(views[first]);
  }
});

test('hunts payments that are told to their receiver before they are final', () => {
  expect(seenBy(eventOf('transaction-held'), PAYEE)).toBeUndefined();
  expect(seenBy(eventOf('transaction-held'), PAYER)).toContain('"held"');
});
