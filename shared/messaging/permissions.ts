import { KV_BUCKETS, STREAMS } from '@florin/contracts';
import { accessOf, MESSAGING_SERVICES, type Access } from './access-table.ts';
import { bucketStream, deadLetterSubject, topology } from './topology.ts';

/** Permissions as nats-server writes them in its configuration. */
export interface Permissions {
  publish: { allow: string[]; deny?: string[] };
  subscribe: { allow: string[]; deny?: string[] };
}

type AnyAccess = Readonly<Access>;

/** Whoever applies the topology. */
export const PROVISION_USER = 'provision';

const API = '$JS.API';

const tableOf = (service: string): AnyAccess => accessOf(service) ?? { trusts: [] };

/** Reading in order takes a consumer of one's own; the server checks that it has this filter. */
const reading = (stream: string, filter: string): string[] => [
  `${API}.STREAM.INFO.${stream}`,
  `${API}.STREAM.MSG.GET.${stream}`,
  `${API}.CONSUMER.CREATE.${stream}.*.${filter}`,
  `${API}.CONSUMER.INFO.${stream}.*`,
  `${API}.CONSUMER.MSG.NEXT.${stream}.*`,
  `${API}.CONSUMER.DELETE.${stream}.*`,
];

const consuming = (stream: string, durable: string, filter: string): string[] => [
  `${API}.CONSUMER.CREATE.${stream}.${durable}.${filter}`,
  `${API}.CONSUMER.INFO.${stream}.${durable}`,
  `${API}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
  `$JS.ACK.${stream}.${durable}.>`,
];

const watching = (bucket: string): string[] => [
  ...reading(bucketStream(bucket), `$KV.${bucket}.>`),
  `${API}.DIRECT.GET.${bucketStream(bucket)}`,
];

/** One value of it, not what becomes of it. */
const lookingUp = (bucket: string): string[] => [
  `${API}.STREAM.INFO.${bucketStream(bucket)}`,
  `${API}.STREAM.MSG.GET.${bucketStream(bucket)}`,
  `${API}.DIRECT.GET.${bucketStream(bucket)}.>`,
];

const putting = (bucket: string): string[] => [
  `$KV.${bucket}.>`,
  `${API}.STREAM.INFO.${bucketStream(bucket)}`,
];

/** Replacing and deleting a file purges its pieces, and only what lies in this store. */
const storing = (store: string): string[] => [
  // What the server is and allows: the client of the store asks for it.
  `${API}.INFO`,
  `$O.${store}.>`,
  ...reading(`OBJ_${store}`, `$O.${store}.>`),
  `${API}.DIRECT.GET.OBJ_${store}.>`,
  `${API}.STREAM.PURGE.OBJ_${store}`,
];

/** The consumers of others: whoever may read the stream could else take their messages. */
function consumersOfOthers(service: string, streams: ReadonlySet<string>): string[] {
  const others = MESSAGING_SERVICES.filter((other) => other !== service);
  return others
    .flatMap((other) => tableOf(other).consumes ?? [])
    .filter(({ stream }) => streams.has(stream))
    .flatMap(({ stream, durable }) => [
      `${API}.CONSUMER.CREATE.${stream}.${durable}.>`,
      `${API}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      `${API}.CONSUMER.DELETE.${stream}.${durable}`,
    ]);
}

const inboxOf = (service: string): string => `_INBOX.${service}.>`;

/** Whoever asks this service something: its name is the second part of what it serves. */
const askersOf = (service: string): string[] =>
  MESSAGING_SERVICES.filter((other) =>
    tableOf(other).asks?.some((question) => question.startsWith(`rpc.${service}.`)),
  );

/**
 * Answers go to inboxes that carry the name of who answers. The server's own way, one answer to
 * each message that had a reply subject, makes it remember every message read from a stream, and
 * look through all of them at each further one (before 2.10: 1,500 µs a payment).
 */
const answering = (service: string): string[] =>
  askersOf(service).map((asker) => `_INBOX.${asker}.${service}.*`);
const unique = (subjects: string[]): string[] => [...new Set(subjects)].toSorted();

/**
 * What the user of a service may do: its line of the table in the words of nats-server. Streams
 * can't be made, changed, emptied or removed by any of them.
 */
export function permissionsOf(service: string): Permissions {
  const access = tableOf(service);
  const { reads = [], consumes = [], watches = [], puts = [], stores = [], removes = [] } = access;
  const allow = unique([
    ...(access.publishes ?? []),
    ...(access.asks ?? []),
    ...answering(service),
    ...reads.flatMap(({ stream, filter }) => reading(stream, filter)),
    ...consumes.flatMap(({ stream, durable, filter }) => consuming(stream, durable, filter)),
    ...consumes.map(({ stream }) => deadLetterSubject(service, stream)),
    ...watches.flatMap(watching),
    ...puts.flatMap(putting),
    ...stores.flatMap(storing),
    ...removes.map((stream) => `${API}.STREAM.MSG.DELETE.${stream}`),
  ]);
  const deny = consumersOfOthers(service, new Set(reads.map(({ stream }) => stream)));
  return {
    publish: { allow, ...(deny.length > 0 && { deny: unique(deny) }) },
    subscribe: {
      allow: unique([inboxOf(service), ...(access.serves ?? []), ...(access.hears ?? [])]),
    },
  };
}

/**
 * Applies the topology: the only one that may make and change streams. It reads and writes no
 * message, and removes none: what has to go, a person removes.
 */
export const PROVISIONER: Permissions = {
  publish: { allow: ['INFO', 'CREATE', 'UPDATE'].map((call) => `${API}.STREAM.${call}.*`) },
  subscribe: { allow: [inboxOf(PROVISION_USER)] },
};

/**
 * The permissions of a service where the observer may ask it, too: whatever client it uses, its
 * inboxes are as long as these. Those of services stay closed, but for what they have asked.
 */
export function answeringObserver(service: string): Permissions {
  const { publish, subscribe } = permissionsOf(service);
  const asked = OBSERVER.publish.allow.some((subject) => subject.startsWith(`rpc.${service}.`));
  if (!asked) return { publish, subscribe };
  const allow = ['_INBOX.*', '_INBOX.*.*', `_INBOX.*.${service}.*`];
  const deny = MESSAGING_SERVICES.map((other) => `_INBOX.${other}.*`);
  return {
    publish: { allow: [...publish.allow, ...allow], deny: [...(publish.deny ?? []), ...deny] },
    subscribe,
  };
}

/** `evt.>` of `evt.*.*.*`. */
const treeOf = (subject: string): string => `${subject.split('.')[0] ?? ''}.>`;

/**
 * A person at the keyboard of a local run, without any credentials: looks at every stream, and in
 * which shards the books are, and asks for a check of the books and of the risk profiles, but
 * changes nothing and hears no answer that is meant for a service.
 */
export const OBSERVER: Permissions = {
  publish: {
    allow: [
      `${API}.INFO`,
      `${API}.STREAM.NAMES`,
      `${API}.STREAM.LIST`,
      'rpc.ledger.verify-books',
      'rpc.fraud.rebuild-profiles',
      ...lookingUp(KV_BUCKETS.shards),
      ...Object.values(STREAMS).flatMap((stream) => reading(stream, '>')),
      ...Object.values(STREAMS).map((stream) => `${API}.CONSUMER.CREATE.${stream}.*`),
    ],
    deny: unique(consumersOfOthers('', new Set(Object.values(STREAMS)))),
  },
  subscribe: {
    allow: ['_INBOX.>', ...new Set(topology().flatMap(({ subjects }) => subjects.map(treeOf)))],
    deny: [...MESSAGING_SERVICES, PROVISION_USER].map(inboxOf),
  },
};
