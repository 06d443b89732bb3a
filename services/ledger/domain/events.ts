import {
  createEnvelope,
  EVENT_TYPES,
  partitionToken,
  type EventName,
  type WalletEventData,
} from '@florin/contracts';
import type { EntryState, TransactionState, WalletState } from './book.ts';
import { lazyText, type EventState, type Text } from './changes.ts';
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
 * @param told the transaction in JSON, as its answers tell it too
 */
export function transactionEvent(
  state: TransactionState,
  entries: readonly EntryState[],
  sequence: number,
  isStored: boolean,
  told: Text,
): EventState {
  const name = EVENT_OF_STATUS[state.status];
  const json = lazyText(() => {
    const envelope = createEnvelope(EVENT_TYPES[name], {
      id: eventId(state.partition, sequence),
      source: SOURCE,
      wallet: state.walletId,
      time: isoFromMicros(state.completedAtUs ?? state.createdAtUs),
      causationId: state.id,
      data: 0,
    });
    // The same text goes into the answer: to write it once saves a third of the work.
    const data =
      `{"partition":${state.partition},"sequence":${sequence},"transaction":${told()},` +
      `"entries":${JSON.stringify(entries.map(toEntry))}}`;
    return JSON.stringify(envelope).replace(/0}$/, () => `${data}}`);
  });
  // What may change later is told as it is now.
  if (isStored) json();
  return { partition: state.partition, sequence, name, wallet: state.walletId, json, isStored };
}

/** A transaction in JSON. Ask for it before the transaction changes again. */
export const transactionText = (state: TransactionState): Text =>
  lazyText(() => JSON.stringify(toTransaction(state)));

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
  const json = JSON.stringify(envelope);
  return {
    partition: wallet.partition,
    sequence,
    name,
    wallet: wallet.id,
    json: () => json,
    isStored: true,
  };
}
