import {
  createEnvelope,
  EVENT_TYPES,
  IDENTITY_EVENT_TYPES,
  identityEvent,
  LABEL_TYPE,
  labelEvent,
  LANE_TYPES,
  laneMessage,
  ledgerEvent,
} from '@florin/contracts';
import { describe, expect, it } from 'vitest';
import { simulate } from '../simulator/mod.ts';
import { apply } from './apply-event.ts';
import { extract } from './extract-features.ts';
import { FEATURE_COUNT } from './feature-table.ts';
import { foldedEventOf, scoredTransactionOf } from './florin-events.ts';
import type { FoldedEvent, ScoredTransaction } from './folded-event.ts';
import { createProfiles } from './profiles.ts';

const EVENTS_MIN = 100_000;

/** Simulated names as the ids that Florin gives. */
const ids = new Map<string, string>();
function idOf(name: string): string {
  let id = ids.get(name);
  if (id === undefined) {
    id = `0192f0c1-0000-7000-8000-${(ids.size + 1).toString(16).padStart(12, '0')}`;
    ids.set(name, id);
  }
  return id;
}

const at = (ms: number): string => new Date(ms).toISOString();

/** An envelope with what its kind doesn't matter for. */
const message = (type: string, subject: string, ms: number, data: unknown): unknown =>
  createEnvelope(type, { id: 'm1', source: '/test', wallet: subject, time: at(ms), data });

function orderOf(transaction: ScoredTransaction): unknown {
  const { type, walletId, counterpartyWalletId, bankAccount, amount, currency } = transaction;
  const data = {
    transactionId: idOf('transaction'),
    clientId: 'somebody',
    bodyHash: 'h'.repeat(22),
    type,
    walletId: idOf(walletId),
    ...(counterpartyWalletId && { counterpartyWalletId: idOf(counterpartyWalletId) }),
    ...(bankAccount && { bankAccount }),
    amount: String(amount),
    currency,
    ...(transaction.context && { context: transaction.context }),
  };
  return message(LANE_TYPES.transactionInitiated, data.walletId, transaction.at, data);
}

/** What the ledger, identity or a review would tell of the same. */
function messageOf(event: Exclude<FoldedEvent, { kind: 'initiated' }>): unknown {
  const { at: ms } = event;
  switch (event.kind) {
    case 'completed':
      return settled('transaction-completed', event, event);
    case 'failed':
      return settled('transaction-failed', event, {
        type: 'transfer',
        amount: 1,
        currency: 'USD',
      });
    case 'held':
      return settled('transaction-held', event, { ...event, type: 'withdrawal', amount: 1 });
    case 'account': {
      const none = { posted: '0', held: '0', available: '0' };
      const wallet = {
        id: idOf(event.walletId),
        ownerId: idOf(event.ownerId),
        name: 'Main',
        currency: 'EUR',
        status: 'active',
        balances: none,
        version: 1,
        createdAt: at(event.openedAt),
      };
      const data = { partition: 0, sequence: 1, wallet };
      return message(EVENT_TYPES['wallet-opened'], wallet.id, ms, data);
    }
    case 'reported': {
      const { walletId, counterpartyWalletId, deviceId, address } = event;
      return message(LABEL_TYPE, idOf(walletId), ms, {
        transactionId: idOf('transaction'),
        walletId: idOf(walletId),
        ...(counterpartyWalletId && { counterpartyWalletId: idOf(counterpartyWalletId) }),
        ...(deviceId && { deviceId }),
        ...(address && { address }),
        label: 'fraud',
        source: 'report',
        reportedBy: 'somebody',
      });
    }
    default:
      return identityMessageOf(event);
  }
}

function identityMessageOf(
  event: Extract<FoldedEvent, { kind: 'identified' | 'credentials-changed' | 'erased' }>,
): unknown {
  const userId = idOf(event.ownerId);
  const types = IDENTITY_EVENT_TYPES;
  switch (event.kind) {
    case 'identified':
      return message(types['kyc-level-changed'], userId, event.at, {
        userId,
        from: 0,
        to: event.kycLevel,
      });
    case 'credentials-changed':
      return message(types['credentials-changed'], userId, event.at, {
        userId,
        change: 'password-changed',
      });
    case 'erased':
      return message(types['user-erased'], userId, event.at, { userId });
  }
}

function settled(
  name: 'transaction-completed' | 'transaction-failed' | 'transaction-held',
  event: Extract<FoldedEvent, { kind: 'completed' | 'failed' | 'held' }>,
  asked: Pick<ScoredTransaction, 'type' | 'amount' | 'currency'>,
): unknown {
  const walletId = idOf(event.walletId);
  const { counterpartyWalletId, counterpartyBalance, bankAccount, balance } = {
    counterpartyWalletId: undefined,
    counterpartyBalance: undefined,
    bankAccount: undefined,
    balance: undefined,
    ...event,
  };
  const entry = (wallet: string, direction: string, after: number) => ({
    walletId: wallet,
    sequence: 1,
    direction,
    amount: String(asked.amount),
    balanceAfter: String(after),
  });
  const other = counterpartyWalletId && idOf(counterpartyWalletId);
  const transaction = {
    id: idOf('transaction'),
    type: asked.type,
    status: name.slice('transaction-'.length),
    walletId,
    ...(other && { counterpartyWalletId: other }),
    ...(bankAccount && { bankAccount }),
    amount: String(asked.amount),
    currency: asked.currency,
    ...(balance !== undefined && {
      balances: { posted: String(balance), held: '0', available: String(balance) },
    }),
    createdAt: at(event.at),
  };
  const entries = [
    ...(balance === undefined ? [] : [entry(walletId, 'debit', balance)]),
    ...(other && counterpartyBalance !== undefined
      ? [entry(other, 'credit', counterpartyBalance)]
      : []),
  ];
  const data = { partition: 0, sequence: 1, transaction, entries };
  return message(EVENT_TYPES[name], walletId, event.at, data);
}

const overTheWire = (written: unknown): unknown => JSON.parse(JSON.stringify(written));

function readOrder(written: unknown): ScoredTransaction {
  const order = laneMessage.parse(overTheWire(written));
  if (order.type !== LANE_TYPES.transactionInitiated) throw new Error('not an order');
  return scoredTransactionOf(order.data, order.time);
}

const isOf = (types: Record<string, string>, type: string): boolean =>
  Object.values(types).includes(type);

function readEvent(written: unknown): FoldedEvent | undefined {
  const read = overTheWire(written);
  const { type } = read as { type: string };
  if (isOf(EVENT_TYPES, type)) return foldedEventOf(ledgerEvent.parse(read));
  if (isOf(IDENTITY_EVENT_TYPES, type)) return foldedEventOf(identityEvent.parse(read));
  return foldedEventOf(labelEvent.parse(read));
}

describe('features at serving', () => {
  it('hunts one bit that differs from training, after messages went through JSON', () => {
    const [training, serving] = [createProfiles(), createProfiles()];
    const [a, b] = [new Float32Array(FEATURE_COUNT), new Float32Array(FEATURE_COUNT)];
    const seen = { events: 0, scored: 0, different: 0 };
    for (const { event } of simulate({ seed: 21, wallets: 4000, days: 45 })) {
      seen.events += 1;
      if (event.kind !== 'initiated') {
        apply(training, event);
        const served = readEvent(messageOf(event));
        if (served) apply(serving, served);
        continue;
      }
      const transaction = readOrder(orderOf(event.transaction));
      extract(training, event.transaction, a);
      extract(serving, transaction, b);
      seen.scored += 1;
      if (!Buffer.from(a.buffer).equals(Buffer.from(b.buffer))) seen.different += 1;
      apply(training, event);
      apply(serving, { kind: 'initiated', transaction });
    }
    expect(seen.events).toBeGreaterThan(EVENTS_MIN);
    expect(seen.scored).toBeGreaterThan(EVENTS_MIN / 3);
    expect(seen.different).toBe(0);
  }, 240_000);
});
