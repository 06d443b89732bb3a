import type { Currency } from '@florin/kernel';
import type { LedgerEvent, TransactionEventData } from '@florin/contracts';
import type { Telling } from './event-audience.ts';
import type { MessageDraft } from './inbox-messages.ts';

/** A line that somebody watches a wallet's balance cross. */
export interface Monitor {
  id: string;
  ownerId: string;
  walletId: string;
  direction: 'below' | 'above';
  threshold: bigint;
  /** Nothing that happened before counts. */
  since: Date;
}

export interface Crossing {
  monitor: Monitor;
  /** Named by the entry that crossed the line: told again, it is the same one. */
  eventId: string;
  transactionId: string;
  balance: string;
  currency: Currency;
  time: string;
}

type Entry = TransactionEventData['entries'][number];

/**
 * Whether an entry takes the balance over the line. It tells the balance before and after it, so
 * nothing has to be remembered: entries may come in any order, and each crossing is found once.
 */
function crosses({ direction, threshold }: Monitor, entry: Entry): boolean {
  const after = BigInt(entry.balanceAfter);
  const amount = BigInt(entry.amount);
  const before = entry.direction === 'credit' ? after - amount : after + amount;
  return direction === 'below'
    ? before >= threshold && after < threshold
    : before < threshold && after >= threshold;
}

/** The wallets whose balance an event has changed. */
export const changedWallets = ({ data }: LedgerEvent): string[] =>
  'entries' in data ? data.entries.map(({ walletId }) => walletId) : [];

export function crossingsOf(event: LedgerEvent, monitors: readonly Monitor[]): Crossing[] {
  const { data, time } = event;
  if (!('entries' in data)) return [];
  const { id: transactionId, currency } = data.transaction;
  return data.entries.flatMap((entry) =>
    monitors
      .filter(({ walletId, since }) => walletId === entry.walletId && since <= new Date(time))
      .filter((monitor) => crosses(monitor, entry))
      .map((monitor) => ({
        monitor,
        eventId: `monitor-${monitor.id}-${entry.sequence}`,
        transactionId,
        balance: entry.balanceAfter,
        currency,
        time,
      })),
  );
}

export const crossingMessage = ({ monitor, eventId, ...facts }: Crossing): MessageDraft => ({
  userId: monitor.ownerId,
  kind: monitor.direction === 'below' ? 'balance-below' : 'balance-above',
  eventId,
  facts: {
    monitorId: monitor.id,
    walletId: monitor.walletId,
    threshold: String(monitor.threshold),
    ...facts,
  },
});

/** Its owner's programs hear of it, and those that hear everything. */
export function crossingTellings(crossing: Crossing): Telling[] {
  const { monitor, eventId, time, transactionId, balance, currency } = crossing;
  const { id: monitorId, walletId, direction, ownerId } = monitor;
  const threshold = String(monitor.threshold);
  const data = { monitorId, walletId, direction, threshold, balance, currency, transactionId };
  const base = { eventId, eventType: 'balance-crossed', time, data } as const;
  return [undefined, ownerId].map((one) => ({ ...base, ownerId: one }));
}
