/**
 * The place of a UUID where its version stands. Transactions have version 7 or 8; what arrives of
 * one in another shard is written down there under the same id with 5 or 6 in that place. So both
 * know each other without a table, both shards may one day share a Postgres, and time-ordered ids
 * stay in order.
 */
const VERSION_AT = 14;
const ARRIVAL: Readonly<Record<string, string>> = { '7': '5', '8': '6' };
const TRANSACTION: Readonly<Record<string, string>> = { '5': '7', '6': '8' };

const withVersion = (id: string, version: string): string =>
  id.slice(0, VERSION_AT) + version + id.slice(VERSION_AT + 1);

/** Undefined for ids that no part of Florin makes. */
export function arrivalIdOf(transactionId: string): string | undefined {
  const version = ARRIVAL[transactionId.charAt(VERSION_AT)];
  return version === undefined ? undefined : withVersion(transactionId, version);
}

export const isArrivalId = (id: string): boolean => id.charAt(VERSION_AT) in TRANSACTION;

/** The id that everybody outside the books knows a transaction by. */
export function shownId(id: string): string {
  const version = TRANSACTION[id.charAt(VERSION_AT)];
  return version === undefined ? id : withVersion(id, version);
}
