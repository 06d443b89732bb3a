import {
  createEnvelope,
  EVENT_TYPES,
  partitionToken,
  schemaUri,
  type EventName,
  type WalletEventData,
} from '@florin/contracts';
import type { EntryState, TransactionState, WalletState } from './book.ts';
import { lazyText, type EventState, type Text } from './changes.ts';
import { isoFromMicros } from './iso-time.ts';
import { toTransaction, toWallet } from './views.ts';

const SOURCE = 'florin/ledger';

/** Ids follow from the place in the partition, so a repeated event is recognised by its id. */
const eventId = (partition: number, sequence: number): string =>
  `${partitionToken(partition)}-${sequence}`;

const EVENT_OF_STATUS = {
  pending: 'transaction-pending',
  held: 'transaction-held',
  completed: 'transaction-completed',
  failed: 'transaction-failed',
  // Of a hold that was released: what else is reversed is told by its reversal.
  reversed: 'transaction-reversed',
} as const satisfies Record<TransactionState['status'], EventName>;

/**
 * The attributes that all events of a name share. Envelopes of transactions are written as text,
 * because JSON.stringify would be a tenth of what a transaction costs; nothing in them needs
 * escaping but what `transactionText` has escaped. The tests read them back.
 */
const HEAD_OF = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([name, type]) => [
    name,
    `{"specversion":"1.0","source":"${SOURCE}","type":"${type}","dataschema":"${schemaUri(type)}"`,
  ]),
) as Record<EventName, string>;

const entryText = (entry: EntryState, currency: string): string =>
  `{"walletId":"${entry.walletId}","sequence":${entry.sequence},` +
  `"direction":"${entry.delta < 0n ? 'debit' : 'credit'}",` +
  `"amount":"${entry.delta < 0n ? -entry.delta : entry.delta}",` +
  (entry.currency === currency ? '' : `"currency":"${entry.currency}",`) +
  (entry.overdraftLimit === null ? '' : `"overdraftLimit":"${entry.overdraftLimit}",`) +
  `"balanceAfter":"${entry.balanceAfter}"}`;

/**
 * Whether a transaction that is final at once must be kept as it is told: no column of it leads to
 * a third entry, and none says how far a wallet might have gone below zero.
 */
export const isKeptAsTold = (entries: readonly EntryState[]): boolean =>
  entries.length > 2 || entries.some(({ overdraftLimit }) => overdraftLimit !== null);

/**
 * The event that tells a transaction's state. Made from nothing but the rows, so that it comes out
 * the same when it is made again after a crash.
 * @param told the transaction in JSON, as its answers tell it too
 * @param traceparent handed on by an event that is stored
 */
export function transactionEvent(
  state: TransactionState,
  entries: readonly EntryState[],
  sequence: number,
  isStored: boolean,
  told: Text,
  traceparent?: string,
): EventState {
  const name = EVENT_OF_STATUS[state.status];
  // Rows don't know of traces: only what is kept as it was told can tell of one.
  const isTraced = isStored && traceparent !== undefined;
  const traceText = isTraced ? `"traceparent":${JSON.stringify(traceparent)},` : '';
  const json = lazyText(() => {
    const time = isoFromMicros(lastChangeOf(state));
    const id = eventId(state.partition, sequence);
    return (
      `${HEAD_OF[name]},"id":"${id}","subject":"${state.walletId}","time":"${time}",` +
      `"partitionkey":"${state.walletId}","causationid":"${state.id}",${traceText}"data":{` +
      `"partition":${state.partition},"sequence":${sequence},"transaction":${told()},` +
      `"entries":[${entries.map((entry) => entryText(entry, state.currency)).join(',')}]}}`
    );
  });
  // What may change later is told as it is now.
  if (isStored) json();
  return { partition: state.partition, sequence, name, wallet: state.walletId, json, isStored };
}

const lastChangeOf = ({ completedAtUs, review, createdAtUs }: TransactionState): number =>
  completedAtUs ?? review?.decidedAtUs ?? createdAtUs;

/** A transaction in JSON. Ask for it before the transaction changes again. */
export const transactionText = (state: TransactionState): Text =>
  lazyText(() => JSON.stringify(toTransaction(state)));

export function walletEvent(
  name: 'wallet-opened' | 'wallet-status-changed' | 'wallet-overdraft-changed',
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
