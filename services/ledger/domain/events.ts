import {
  createEnvelope,
  EVENT_TYPES,
  partitionToken,
  type EventName,
  type TransactionEventData,
  type WalletEventData,
} from '@florin/contracts';
import type { EntryState, TransactionState, WalletState } from './book.ts';
import type { EventState } from './changes.ts';
import { isoFromMicros } from './iso-time.ts';
import { toEntry, toTransaction, toWallet } from './views.ts';

const SOURCE = 'florin/ledger';

/** Ids follow from the place in the partition, so a repeated event is recognised by its id. */
const eventId = (partition: number, sequence: number): string =>
  `${partitionToken(partition)}-${sequence}`;

const EVENT_OF_STATUS = {
  pending: 'transaction-pending',
  held: 'transaction-held',
  completed: 'transaction-completed',
  failed: 'transaction-failed',
  // A reversal is a transaction of its own, with its own event.
  reversed: 'transaction-completed',
} as const satisfies Record<TransactionState['status'], EventName>;

/**
 * The event that tells a transaction's state. Made from nothing but the rows, so that it comes out
 * the same when it is made again after a crash.
 */
export function transactionEvent(
  state: TransactionState,
  entries: readonly EntryState[],
  sequence: number,
  isStored: boolean,
): EventState {
  const name = EVENT_OF_STATUS[state.status];
  const data: TransactionEventData = {
    partition: state.partition,
    sequence,
    transaction: toTransaction(state),
    entries: entries.map(toEntry),
  };
  const envelope = createEnvelope(EVENT_TYPES[name], {
    id: eventId(state.partition, sequence),
    source: SOURCE,
    wallet: state.walletId,
    time: isoFromMicros(state.completedAtUs ?? state.createdAtUs),
    causationId: state.id,
    data,
  });
  return {
    partition: state.partition,
    sequence,
    name,
    wallet: state.walletId,
    json: JSON.stringify(envelope),
    isStored,
  };
}

export function walletEvent(
  name: 'wallet-opened' | 'wallet-status-changed',
  wallet: WalletState,
  sequence: number,
): EventState {
  const data: WalletEventData = {
    partition: wallet.partition,
    sequence,
    wallet: toWallet(wallet),
  };
  const envelope = createEnvelope(EVENT_TYPES[name], {
    id: eventId(wallet.partition, sequence),
    source: SOURCE,
    wallet: wallet.id,
    time: isoFromMicros(wallet.changedAtUs),
    data,
  });
  return {
    partition: wallet.partition,
    sequence,
    name,
    wallet: wallet.id,
    json: JSON.stringify(envelope),
    isStored: true,
  };
}
