import {
  createEnvelope,
  EVENT_TYPES,
  REWARDS_OWNER,
  type EventName,
  type LedgerEvent,
} from '@florin/contracts';
import { describe, expect, it } from 'vitest';
import { tellingsOf } from './event-audience.ts';
import { messagesOf } from './inbox-messages.ts';

const PAYER = 'payer-wallet';
const PAYEE = 'payee-wallet';
const PURSE = 'purse-of-the-platform';
const OWNERS = new Map([
  [PAYER, 'ana'],
  [PAYEE, 'ben'],
  [PURSE, REWARDS_OWNER],
]);
const ownerOf = (id: string): string | undefined => OWNERS.get(id);

/** What it is made of is not looked at: only who hears of it. */
const envelope = createEnvelope as unknown as (type: string, fields: object) => LedgerEvent;

const eventOf = (name: EventName, more: object = {}): LedgerEvent =>
  envelope(EVENT_TYPES[name], {
    id: '03-7',
    source: 'test',
    wallet: PAYER,
    time: '2026-01-01T00:00:00.000Z',
    data: {
      partition: 3,
      sequence: 7,
      transaction: {
        id: 't',
        type: 'transfer',
        status: 'completed',
        walletId: PAYER,
        counterpartyWalletId: PAYEE,
        amount: '100',
        currency: 'USD',
        balances: { posted: '900', held: '0', available: '900' },
        bankAccount: 'ok:secret',
        risk: { score: 0.5 },
        createdAt: '2026-01-01T00:00:00.000Z',
        ...more,
      },
      entries: [{ walletId: PAYER }, { walletId: PAYEE }],
    },
  });

const kinds = (event: LedgerEvent) =>
  messagesOf(event, ownerOf).map(({ userId, kind }) => `${userId}: ${kind}`);

describe('who is told what: hunts words that reach the wrong ears', () => {
  it('tells the payee that money came, and not what the payer has left', () => {
    const tellings = tellingsOf(eventOf('transaction-completed'), ownerOf);
    expect(tellings.map(({ ownerId }) => ownerId)).toEqual([undefined, 'ana', 'ben']);
    const texts = tellings.map(({ data }) => JSON.stringify(data));
    expect(texts[1]).toContain('"available":"900"');
    expect(texts[2]).not.toContain('available');
    for (const text of texts) expect(text).not.toMatch(/secret|score/);
  });

  it.each(['transaction-failed', 'transaction-held', 'transaction-pending'] as const)(
    'tells the payee nothing of %s',
    (name) => {
      const owners = tellingsOf(eventOf(name), ownerOf).map(({ ownerId }) => ownerId);
      expect(owners).toEqual([undefined, 'ana']);
    },
  );

  it('tells a payment to oneself once', () => {
    const toSelf = eventOf('transaction-completed', { counterpartyWalletId: PAYER });
    expect(tellingsOf(toSelf, ownerOf)).toHaveLength(2);
    expect(kinds(toSelf)).toEqual(['ana: payment-sent']);
  });

  it.each([
    ['transaction-completed', {}, ['ana: payment-sent', 'ben: money-received']],
    ['transaction-failed', { failure: { code: 'risk-blocked' } }, ['ana: payment-failed']],
    ['transaction-held', {}, []],
    ['transaction-held', { review: { status: 'open' } }, ['ana: payment-under-review']],
    ['transaction-pending', {}, []],
    [
      'transaction-completed',
      { type: 'deposit', counterpartyWalletId: undefined },
      ['ana: deposit-completed'],
    ],
    ['transaction-completed', { type: 'reward', walletId: PURSE }, ['ben: reward-paid']],
    ['transaction-failed', { type: 'reward', walletId: PURSE, failure: { code: 'x' } }, []],
    [
      'transaction-completed',
      { type: 'reversal', counterpartyWalletId: PURSE },
      ['ana: reward-taken-back'],
    ],
    ['transaction-failed', { type: 'reversal', counterpartyWalletId: PURSE }, []],
  ] as const)('%s %j puts into the app: %j', (name, more, expected) => {
    expect(kinds(eventOf(name, more))).toEqual(expected);
  });
});
