import {
  IDENTITY_EVENT_FILTER,
  KV_BUCKETS,
  LETTER_FILTER,
  OBJECT_STORES,
  PAYMENT_EVENT_FILTER,
  STREAMS,
} from '@florin/contracts';

const DAY_MS = 86_400_000;

/** A stream as it should be. All are stored in files and keep messages until a limit is reached. */
export interface StreamPlan {
  name: string;
  subjects: string[];
  /** 0 = for ever. */
  maxAgeMs: number;
  /** -1 = as much as the server's own file limit allows. */
  maxBytes: number;
  /** When full: refuse the newest (the producer waits and retries) or drop the oldest. */
  discard: 'new' | 'old';
  /** How long Nats-Msg-Id is remembered: saves work only, the ledger's unique id is the guard. */
  duplicateWindowMs: number;
  /** -1 = no limit. */
  maxPerSubject: number;
  denyDelete: boolean;
  denyPurge: boolean;
  /** Lets one message replace all of its subject: key-value buckets need it. */
  rollup: boolean;
  /** Any replica may answer reads of single messages. */
  direct: boolean;
}

export interface TopologyOptions {
  txnMaxBytes?: number;
  txnMaxAgeMs?: number;
  evtMaxBytes?: number;
  evtMaxAgeMs?: number;
  idnMaxBytes?: number;
  notifyMaxBytes?: number;
  dlqMaxBytes?: number;
}

/** Duplicates come from retries, which end after 20 s. */
const DUPLICATE_WINDOW_MS = 30_000;
/** A bucket holds a handful of small values; the limit only stops a mistake. */
const BUCKET_BYTES_MAX = 16 * 1024 * 1024;

export const bucketStream = (bucket: string): string => `KV_${bucket}`;

const lasting = {
  duplicateWindowMs: DUPLICATE_WINDOW_MS,
  maxPerSubject: -1,
  denyDelete: true,
  denyPurge: true,
  rollup: false,
  direct: false,
} as const;

export const bucketPlan = (bucket: string): StreamPlan => ({
  ...lasting,
  name: bucketStream(bucket),
  subjects: [`$KV.${bucket}.>`],
  maxAgeMs: 0,
  maxBytes: BUCKET_BYTES_MAX,
  discard: 'new',
  maxPerSubject: 1,
  denyPurge: false,
  rollup: true,
  direct: true,
});

/** As clients of the object store expect it: pieces of files, and what is known of each file. */
const storePlan = (store: string): StreamPlan => ({
  ...lasting,
  name: `OBJ_${store}`,
  subjects: [`$O.${store}.C.>`, `$O.${store}.M.>`],
  maxAgeMs: 0,
  maxBytes: -1,
  discard: 'new',
  denyPurge: false,
  rollup: true,
  direct: true,
});

/** Every stream and bucket of an installation: all that exists in JetStream is listed here. */
export function topology(options: TopologyOptions = {}): StreamPlan[] {
  return [
    {
      ...lasting,
      name: STREAMS.transactions,
      subjects: ['txn.initiated.*.*', 'txn.ready.*.*'],
      maxAgeMs: options.txnMaxAgeMs ?? 2 * DAY_MS,
      maxBytes: options.txnMaxBytes ?? -1,
      discard: 'new',
    },
    {
      ...lasting,
      name: STREAMS.events,
      subjects: ['evt.*.*.*'],
      maxAgeMs: options.evtMaxAgeMs ?? 30 * DAY_MS,
      maxBytes: options.evtMaxBytes ?? -1,
      discard: 'old',
    },
    {
      ...lasting,
      name: STREAMS.identity,
      subjects: [IDENTITY_EVENT_FILTER],
      // Facts about accounts are few, and who follows them starts from the first one.
      maxAgeMs: 0,
      maxBytes: options.idnMaxBytes ?? -1,
      discard: 'new',
    },
    {
      ...lasting,
      name: STREAMS.notify,
      subjects: [LETTER_FILTER],
      // Letters are named only, their text stays with identity: who sends one asks for it.
      maxAgeMs: 3 * DAY_MS,
      maxBytes: options.notifyMaxBytes ?? -1,
      discard: 'new',
      denyDelete: false,
      denyPurge: false,
    },
    {
      ...lasting,
      name: STREAMS.payments,
      subjects: [PAYMENT_EVENT_FILTER],
      maxAgeMs: 30 * DAY_MS,
      maxBytes: -1,
      discard: 'old',
    },
    {
      ...lasting,
      name: STREAMS.labels,
      subjects: ['rsk.>'],
      maxAgeMs: 0,
      maxBytes: -1,
      discard: 'old',
    },
    {
      ...lasting,
      name: STREAMS.audit,
      subjects: ['audit.>'],
      maxAgeMs: 0,
      maxBytes: -1,
      discard: 'new',
    },
    {
      ...lasting,
      name: STREAMS.deadLetters,
      subjects: ['dlq.>'],
      maxAgeMs: 30 * DAY_MS,
      maxBytes: options.dlqMaxBytes ?? -1,
      discard: 'old',
      // An operator removes what has been dealt with.
      denyDelete: false,
      denyPurge: false,
    },
    ...Object.values(KV_BUCKETS).map(bucketPlan),
    ...Object.values(OBJECT_STORES).map(storePlan),
  ];
}

/** Where a service puts what it can never handle. */
export const deadLetterSubject = (service: string, stream: string): string =>
  `dlq.${service}.${stream}`;
