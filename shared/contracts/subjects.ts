/** Number of ordered lanes unless the installation says otherwise. Fixed once money has moved. */
export const PARTITIONS_DEFAULT = 16;

/** FNV-1a, 32 bit, over the bytes of an ASCII text: the hash that nats-server partitions by. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** The partition that decides about a wallet, 0 to partitions − 1. Receivers compute it anew. */
export const partitionOf = (walletId: string, partitions: number): number =>
  fnv1a32(walletId) % partitions;

/** A partition as a subject token: two digits, more only beyond 99. */
export const partitionToken = (partition: number): string => String(partition).padStart(2, '0');

export const STREAMS = {
  transactions: 'TXN',
  events: 'EVT',
  /** What people found out later: frauds reported, payments that were fine after all. */
  labels: 'RSK',
  /** What operators did. */
  audit: 'AUDIT',
  identity: 'IDN',
  notify: 'NOTIFY',
  /** Payment requests, planned transfers and files of payments: what became of them. */
  payments: 'PAY',
  deadLetters: 'DLQ',
} as const;

export const LABEL_SUBJECT = 'rsk.label';
export const auditSubject = (name: string): string => `audit.${name}`;

/** Stands in a subject where a message carries events of more than one wallet. */
export const MANY_WALLETS = 'many';

/** What the signature of a message names as its place when it lies in no lane, as users do. */
export const NO_LANE = { wallet: MANY_WALLETS, partition: 0 } as const;

/** `initiated` waits for its risk score, `ready` waits for the ledger. */
export type LaneStage = 'initiated' | 'ready';

export const laneSubject = (stage: LaneStage, partition: number, wallet: string): string =>
  `txn.${stage}.${partitionToken(partition)}.${wallet}`;

export const laneFilter = (stage: LaneStage, partition: number): string =>
  `txn.${stage}.${partitionToken(partition)}.*`;

/**
 * What the message on stage `ready` is called that answers a message on stage `initiated`. Scorer
 * and watchdog both use it, so the stream keeps the first of their answers and drops the other.
 */
export const readyMessageId = (initiatedMessageId: string): string => `ready-${initiatedMessageId}`;

export const eventSubject = (partition: number, wallet: string, name: string): string =>
  `evt.${partitionToken(partition)}.${wallet}.${name}`;

/** Events of one name, of every partition and wallet. */
export const eventFilter = (name: string): string => `evt.*.*.${name}`;

/** A gateway instance as it names itself in messages: safe as one subject token. */
export const isOrigin = (text: string): boolean => /^[a-z0-9-]{1,48}$/.test(text);

/** Where a gateway instance hears the outcomes it waits for. */
export const outcomeSubject = (origin: string): string => `outcome.${origin}`;

/** Stores of files. */
export const OBJECT_STORES = { kyc: 'kyc' } as const;

export const KV_BUCKETS = { flags: 'flags', breakers: 'breakers', shards: 'shards' } as const;

/** Told to every ledger at once: there is a newer fee schedule in the books. */
export const FEES_CHANGED_SUBJECT = 'fees.changed';

/** Told to every gateway at once: sessions that ended before their time. */
export const SESSIONS_ENDED_SUBJECT = 'session.ended';
