import {
  identityEvent,
  labelEvent,
  ledgerEvent,
  transactionOrder,
  type LedgerEvent,
} from '@florin/contracts';
import { describe, expect, it } from 'vitest';
import { foldedEventOf, scoredTransactionOf } from './florin-events.ts';

const wallet = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
const other = '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990';
const id = '0192f0c1-7a4b-7cc3-98c4-dc0c0c073991';
const time = '2025-03-01T10:00:00.000Z';

const envelope = {
  specversion: '1.0',
  id: 'e1',
  source: '/test',
  subject: wallet,
  time,
  dataschema: 'x',
  partitionkey: wallet,
};
const event = (type: string, data: unknown): LedgerEvent =>
  ledgerEvent.parse({ ...envelope, type, data });

const transaction = {
  id,
  type: 'transfer',
  status: 'completed',
  walletId: wallet,
  counterpartyWalletId: other,
  amount: '2500',
  currency: 'EUR',
  balances: { posted: '900', held: '100', available: '800' },
  createdAt: time,
};
const entry = (walletId: string, direction: string, balanceAfter: string) => ({
  walletId,
  sequence: 1,
  transactionId: id,
  direction,
  amount: '2500',
  balanceAfter,
  createdAt: time,
});
const facts = {
  partition: 3,
  sequence: 9,
  transaction,
  entries: [entry(wallet, 'debit', '900'), entry(other, 'credit', '7000')],
};

describe('real events as the profiles take them', () => {
  it('hunts balances that are mixed up between the two sides of a transfer', () => {
    expect(foldedEventOf(event('florin.transaction-completed.v1', facts))).toEqual({
      kind: 'completed',
      at: Date.parse(time),
      type: 'transfer',
      walletId: wallet,
      counterpartyWalletId: other,
      bankAccount: undefined,
      amount: 2500,
      currency: 'EUR',
      balance: 800,
      counterpartyBalance: 7000,
    });
  });

  it('hunts what a conversion brought, taken for money of the first currency', () => {
    const conversion = { quoteId: id, toCurrency: 'JPY', toAmount: '4000', rate: '160' } as const;
    const converted = {
      ...facts,
      transaction: { ...facts.transaction, type: 'conversion' as const, conversion },
    };
    const folded = foldedEventOf(event('florin.transaction-completed.v1', converted));
    expect(folded).toMatchObject({ kind: 'completed', type: 'transfer', balance: 800 });
    expect(folded).toMatchObject({ counterpartyBalance: undefined });
    expect(foldedEventOf(event('florin.transaction-failed.v1', converted))?.kind).toBe('failed');
  });

  it('hunts events that are taken for another kind', () => {
    const kindOf = (type: string, data: unknown) => foldedEventOf(event(type, data))?.kind;
    expect(kindOf('florin.transaction-failed.v1', facts)).toBe('failed');
    expect(kindOf('florin.transaction-held.v1', facts)).toBe('held');
    expect(kindOf('florin.transaction-pending.v1', facts)).toBeUndefined();
    const opened = {
      id: wallet,
      ownerId: other,
      name: 'Main',
      currency: 'EUR',
      status: 'active',
      balances: { posted: '0', held: '0', available: '0' },
      version: 1,
      createdAt: time,
    };
    const data = { partition: 3, sequence: 10, wallet: opened };
    expect(kindOf('florin.wallet-opened.v1', data)).toBe('account');
    expect(kindOf('florin.wallet-status-changed.v1', data)).toBeUndefined();
  });

  it.each([
    ['user-registered', { createdAt: time, kycLevel: 0 }, { kind: 'identified', kycLevel: 0 }],
    ['kyc-level-changed', { from: 0, to: 2 }, { kind: 'identified', kycLevel: 2 }],
    ['credentials-changed', { change: 'password-reset' }, { kind: 'credentials-changed' }],
    ['user-erased', {}, { kind: 'erased' }],
  ])('hunts news about an owner that is lost: %s', (name, data, expected) => {
    const type = `florin.${name}.v1`;
    const read = identityEvent.parse({ ...envelope, type, data: { userId: other, ...data } });
    const about = { ownerId: other, at: Date.parse(time) };
    expect(foldedEventOf(read)).toEqual({ ...expected, ...about });
  });

  it('hunts a sign-in that profiles would learn from', () => {
    const data = { userId: other, sessionId: id, factors: ['password'], newDevice: true };
    const type = 'florin.user-signed-in.v1';
    expect(foldedEventOf(identityEvent.parse({ ...envelope, type, data }))).toBeUndefined();
  });

  it('hunts a label whose parts are lost, and an honest payment that counts as fraud', () => {
    const base = { transactionId: id, walletId: wallet, source: 'review', reportedBy: 'somebody' };
    const seen = { counterpartyWalletId: other, deviceId: 'd', address: 'a' };
    const foldedLabel = (label: string) => {
      const data = { ...base, ...seen, label };
      return foldedEventOf(labelEvent.parse({ ...envelope, type: 'florin.fraud-label.v1', data }));
    };
    const about = { at: Date.parse(time), walletId: wallet, ...seen };
    expect(foldedLabel('fraud')).toEqual({ kind: 'reported', ...about });
    expect(foldedLabel('legitimate')).toBeUndefined();
  });

  it('hunts a hold that is scored as nothing, and captures or releases that count wrongly', () => {
    const base = { transactionId: id, clientId: 'c', bodyHash: 'h'.repeat(22), walletId: wallet };
    const money = { amount: '12', currency: 'USD', counterpartyWalletId: other };
    const hold = { ...base, ...money, type: 'hold', expiresInSeconds: 60 };
    expect(scoredTransactionOf(transactionOrder.parse(hold), time)).toMatchObject({
      type: 'transfer',
      counterpartyWalletId: other,
    });
    const told = (name: string, type: string) =>
      foldedEventOf(
        event(`florin.transaction-${name}.v1`, { ...facts, transaction: { ...transaction, type } }),
      );
    expect(told('completed', 'capture')).toMatchObject({ kind: 'completed', type: 'transfer' });
    expect(told('completed', 'release')).toMatchObject({ kind: 'held', balance: 800 });
    expect(told('completed', 'reversal')).toMatchObject({ kind: 'held', walletId: wallet });
    expect(told('failed', 'hold')?.kind).toBe('failed');
    expect(told('failed', 'capture')).toBeUndefined();
  });

  it('hunts an order whose payee is lost: wallets for transfers, bank accounts otherwise', () => {
    const base = { transactionId: id, clientId: 'c', bodyHash: 'h'.repeat(22), walletId: wallet };
    const money = { amount: '12', currency: 'USD' };
    const sent = { ...base, ...money, type: 'transfer', counterpartyWalletId: other };
    const context = { deviceId: 'd', address: 'a', country: 'DE', latitude: 52.5, longitude: 13.4 };
    const paidOut = { ...base, ...money, type: 'withdrawal', bankAccount: 'ok:1', context };
    expect(scoredTransactionOf(transactionOrder.parse(sent), time)).toMatchObject({
      at: Date.parse(time),
      counterpartyWalletId: other,
      bankAccount: undefined,
      amount: 12,
    });
    expect(scoredTransactionOf(transactionOrder.parse(paidOut), time)).toMatchObject({
      counterpartyWalletId: undefined,
      bankAccount: 'ok:1',
      context,
    });
  });
});
