import {
  auditSubject,
  eventFilter,
  FEES_CHANGED_SUBJECT,
  identityEventSubject,
  IDENTITY_EVENT_FILTER,
  KV_BUCKETS,
  LABEL_SUBJECT,
  LETTER_FILTER,
  OBJECT_STORES,
  PAYMENT_EVENT_FILTER,
  STREAMS,
  SESSIONS_ENDED_SUBJECT,
} from '@florin/contracts';

/** What one service does with the messaging system. What is not named here is refused. */
export interface Access {
  /** Subjects that it stores messages under, or tells to whoever listens. */
  publishes?: readonly string[];
  /** Parts of streams that it reads in order, from positions of its own. */
  reads?: readonly { stream: string; filter: string }[];
  /** Streams that it takes single messages out of, once somebody has dealt with them. */
  removes?: readonly string[];
  /** Consumers whose position the server keeps. */
  consumes?: readonly { stream: string; durable: string; filter: string }[];
  /** Key-value buckets that it follows, and those that it writes. */
  watches?: readonly string[];
  puts?: readonly string[];
  /** Object stores that it keeps files in. */
  stores?: readonly string[];
  /** Questions that it answers, and those that it asks. */
  serves?: readonly string[];
  asks?: readonly string[];
  /** Services whose signatures it checks, itself among them or not: it is handed their keys. */
  trusts: readonly string[];
  /** Plain subjects that it listens to. */
  hears?: readonly string[];
}

const EVENTS = { stream: STREAMS.events, filter: 'evt.*.*.*' };
const INITIATED = 'txn.initiated.*.*';
const READY = 'txn.ready.*.*';
const OUTCOMES = 'outcome.*';

const consumer = (service: string, stream: string, name: string, filter: string) => ({
  stream,
  durable: `${service}-${name}`,
  filter,
});

/**
 * Who may do what, by service: the only place that says it. From it come the users of our own
 * nats-server, the file that an installation configures its cluster with, and the tests that try
 * the opposite.
 */
export const ACCESS = {
  gateway: {
    trusts: [],
    publishes: [INITIATED, READY, auditSubject('admin-action')],
    hears: [OUTCOMES, SESSIONS_ENDED_SUBJECT],
    // What happens to wallets, told on to those who listen; and what nobody could handle.
    reads: [EVENTS, { stream: STREAMS.deadLetters, filter: 'dlq.>' }],
    removes: [STREAMS.deadLetters],
    watches: [KV_BUCKETS.breakers, KV_BUCKETS.flags],
    puts: [KV_BUCKETS.flags],
    // Documents of people, sealed; and who is known how well from now on.
    stores: [OBJECT_STORES.kyc],
    consumes: [
      consumer(
        'gateway',
        STREAMS.identity,
        'kyc-levels',
        identityEventSubject('kyc-level-changed'),
      ),
    ],
    asks: [
      'rpc.ledger.*',
      'rpc.identity.*',
      'rpc.fraud.*',
      'rpc.notifications.*',
      'rpc.auditor.*',
      'rpc.banking.*',
      'rpc.payments.*',
      'rpc.rewards.*',
    ],
  },
  ledger: {
    trusts: ['gateway', 'payments', 'rewards', 'fraud', 'banking', 'ledger'],
    // Into the lanes too: what stays unscored is decided by a policy beside the ledger.
    publishes: ['evt.*.*.*', READY, OUTCOMES, FEES_CHANGED_SUBJECT],
    // One shard asks the others for what is in their books.
    asks: ['rpc.ledger.*.*'],
    hears: [FEES_CHANGED_SUBJECT],
    reads: [
      { stream: STREAMS.transactions, filter: INITIATED },
      { stream: STREAMS.transactions, filter: READY },
    ],
    watches: [KV_BUCKETS.flags, KV_BUCKETS.shards],
    puts: [KV_BUCKETS.shards],
    serves: ['rpc.ledger.*', 'rpc.ledger.*.*'],
  },
  banking: {
    // Payments to be made, and who wants to be forgotten.
    trusts: ['ledger', 'identity'],
    publishes: [READY],
    consumes: [
      ...['transaction-pending', 'transaction-held'].map((name) =>
        consumer('banking', STREAMS.events, name, eventFilter(name)),
      ),
      consumer('banking', STREAMS.identity, 'erasures', identityEventSubject('user-erased')),
    ],
    puts: [KV_BUCKETS.breakers],
    // What became of payments, and whose a wallet is: others' linked accounts pay nothing into it.
    // What is booked at banks, and what two of the staff decided about that.
    asks: [
      'rpc.ledger.get-transaction',
      'rpc.ledger.get-wallets',
      'rpc.ledger.list-clearing-accounts',
      'rpc.ledger.read-clearing-entries',
      'rpc.ledger.get-adjustment',
    ],
    serves: ['rpc.banking.*'],
  },
  payments: {
    // What became of transfers, and who wants to be forgotten.
    trusts: ['ledger', 'identity'],
    // Orders as the gateway takes them: scored while there is a scorer, else for the ledger.
    publishes: [INITIATED, READY, PAYMENT_EVENT_FILTER],
    hears: [OUTCOMES],
    watches: [KV_BUCKETS.flags],
    consumes: [
      consumer('payments', STREAMS.events, 'completed', eventFilter('transaction-completed')),
      consumer('payments', STREAMS.events, 'failed', eventFilter('transaction-failed')),
      consumer('payments', STREAMS.identity, 'erasures', identityEventSubject('user-erased')),
    ],
    asks: ['rpc.ledger.get-wallets', 'rpc.ledger.get-transaction'],
    serves: ['rpc.payments.*'],
  },
  identity: {
    trusts: [],
    publishes: ['idn.*', 'mail.*', SESSIONS_ENDED_SUBJECT],
    stores: [OBJECT_STORES.kyc],
    serves: ['rpc.identity.*'],
  },
  fraud: {
    trusts: ['gateway', 'payments', 'ledger', 'banking', 'identity', 'fraud'],
    publishes: [READY, LABEL_SUBJECT, 'dlq.fraud.*'],
    reads: [
      { stream: STREAMS.transactions, filter: INITIATED },
      // Whoever takes a lane over looks up what somebody else has answered already.
      { stream: STREAMS.transactions, filter: READY },
      EVENTS,
      { stream: STREAMS.identity, filter: IDENTITY_EVENT_FILTER },
      { stream: STREAMS.labels, filter: LABEL_SUBJECT },
    ],
    watches: [KV_BUCKETS.flags],
    serves: ['rpc.fraud.*'],
  },
  notifications: {
    trusts: ['ledger', 'payments', 'identity'],
    consumes: [
      consumer('notifications', STREAMS.events, 'events', EVENTS.filter),
      consumer('notifications', STREAMS.payments, 'payments', PAYMENT_EVENT_FILTER),
      consumer('notifications', STREAMS.notify, 'letters', LETTER_FILTER),
      consumer('notifications', STREAMS.identity, 'erasures', identityEventSubject('user-erased')),
    ],
    // What a letter says, and where to write to: of nobody else.
    asks: ['rpc.ledger.get-wallets', 'rpc.identity.get-letter', 'rpc.identity.get-user'],
    serves: ['rpc.notifications.*'],
  },
  rewards: {
    trusts: ['ledger', 'identity'],
    // Rewards, and what is taken back of them: nothing else is believed of it.
    publishes: [READY],
    consumes: [
      ...['transaction-completed', 'transaction-failed'].map((name) =>
        consumer('rewards', STREAMS.events, name, eventFilter(name)),
      ),
      consumer('rewards', STREAMS.identity, 'erasures', identityEventSubject('user-erased')),
    ],
    asks: ['rpc.ledger.get-wallets', 'rpc.ledger.list-wallets', 'rpc.ledger.get-transaction'],
    serves: ['rpc.rewards.*'],
  },
  auditor: {
    trusts: ['ledger', 'gateway', 'identity', 'fraud', 'payments'],
    // Signed roots: whoever keeps one can tell later what the log was.
    publishes: [auditSubject('root')],
    reads: [
      EVENTS,
      { stream: STREAMS.audit, filter: auditSubject('admin-action') },
      { stream: STREAMS.identity, filter: IDENTITY_EVENT_FILTER },
      { stream: STREAMS.labels, filter: LABEL_SUBJECT },
      { stream: STREAMS.payments, filter: PAYMENT_EVENT_FILTER },
    ],
    serves: ['rpc.auditor.*'],
  },
} as const satisfies Record<string, Access>;

/** The services that are known to the messaging system; others get no credentials for it. */
export const MESSAGING_SERVICES = Object.keys(ACCESS) as (keyof typeof ACCESS)[];

/** A service's line, or undefined where it has none. */
export const accessOf = (service: string): Readonly<Access> | undefined =>
  isMessagingService(service) ? ACCESS[service] : undefined;

export const isMessagingService = (name: string): name is keyof typeof ACCESS =>
  Object.hasOwn(ACCESS, name);
