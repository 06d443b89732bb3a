/** A process that does nothing of a service's work but its messages: see messages.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  eventSubject,
  laneFilter,
  PARTITIONS_DEFAULT,
  readyMessageId,
  STREAMS,
} from '@florin/contracts';
import { connect, createPublisher, readPartition, type Bus } from '@florin/messaging';
import { createLogger } from '@florin/runtime';

export interface ActorOptions {
  url: string;
  role: 'scorer' | 'ledger';
  /** As orders that are stored once more, or told to the ledger, which has read the order. */
  scores: 'stored' | 'told';
  readers: 'pull' | 'push';
  /** The subject of what became of orders: their ids. */
  outcomes: string;
}

interface Read {
  id: string;
  subject: string;
  body: Uint8Array;
}

interface Reading {
  stream: string;
  filterSubject: string;
  onMessage(read: Read): void;
}

const SCORES = 'bench.scores';
/** Stands for a commit. */
const COMMIT_MS = 1;
/** As a payment's event is on average. */
const EVENT_BYTES = 900;
const READY = readyMessageId('');

const options = JSON.parse(process.argv[2] ?? '') as ActorOptions;
const log = createLogger('bench', 'error');
const bus = await connect({ url: options.url, name: options.role, log });
const publisher = createPublisher(bus, { maxInFlight: 2_000 });

/** The server sends by itself, and asks now and then whether we follow. */
async function readPushed({ nc, jsm, inboxPrefix }: Bus, reading: Reading, number: number) {
  const { stream, filterSubject, onMessage } = reading;
  const inbox = `${inboxPrefix}.pushed.${number}`;
  nc.subscribe(inbox, {
    callback(_, message) {
      const { headers, subject, data: body } = message;
      if (headers?.code === 100) message.respond();
      else onMessage({ id: headers?.get('Nats-Msg-Id') ?? '', subject, body });
    },
  });
  await jsm.consumers.add(stream, {
    deliver_subject: inbox,
    filter_subject: filterSubject,
    ack_policy: 'none',
    deliver_policy: 'all',
    mem_storage: true,
    flow_control: true,
    idle_heartbeat: 5_000_000_000,
  });
}

let readers = 0;
async function read(reading: Reading): Promise<void> {
  readers++;
  if (options.readers === 'push') return readPushed(bus, reading, readers);
  readPartition(bus, {
    ...reading,
    startAfter: 0,
    onMessage: ({ id = '', subject, body }) => reading.onMessage({ id, subject, body }),
    onDisorder: ({ detail }) => log.fatal(detail),
  });
}

function passOn({ id, subject, body }: Read): void {
  void publisher.publish({
    subject: subject.replace('.initiated.', '.ready.'),
    body,
    id: readyMessageId(id),
    type: 'order',
    wallet: '',
    partition: 0,
  });
}

/** Those of a turn of the loop are one message. */
function tell(untold: string[], id: string): void {
  if (untold.length === 0) {
    setImmediate(() => bus.nc.publish(SCORES, JSON.stringify(untold.splice(0))));
  }
  untold.push(id);
}

async function score(): Promise<void> {
  const untold: string[] = [];
  await read({
    stream: STREAMS.transactions,
    filterSubject: 'txn.initiated.>',
    onMessage: (order) => (options.scores === 'stored' ? passOn(order) : tell(untold, order.id)),
  });
  // Profiles are made of what became of payments.
  await read({ stream: STREAMS.events, filterSubject: 'evt.>', onMessage: () => undefined });
}

/** Takes what has come as one batch, "commits", answers, and tells everybody by lane. */
function createPoster() {
  let queue: Read[] = [];
  let isPosting = false;
  async function post(): Promise<void> {
    isPosting = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await delay(COMMIT_MS);
      bus.nc.publish(options.outcomes, JSON.stringify(batch.map(({ id }) => id)));
      const lanes = Map.groupBy(batch, ({ subject }) => subject.split('.')[2] ?? '');
      for (const [lane, ofLane] of lanes) {
        void publisher.publish({
          subject: eventSubject(Number(lane), 'many', 'transaction-completed'),
          body: 'y'.repeat(EVENT_BYTES * ofLane.length),
          id: `event-${ofLane[0]?.id}`,
          type: 'event',
          wallet: '',
          partition: 0,
        });
      }
    }
    isPosting = false;
  }
  return (order: Read): void => {
    queue.push(order);
    if (!isPosting) void post();
  };
}

async function keepBooks(): Promise<void> {
  const take = createPoster();
  const unscored = new Map<string, Read>();
  const early = new Set<string>();
  /** Where scores are stored nothing is joined: it is the watchdog that reads orders, too. */
  function join(order: Read): void {
    if (options.scores === 'stored') return;
    if (early.delete(order.id)) take(order);
    else unscored.set(order.id, order);
  }
  bus.nc.subscribe(SCORES, {
    callback(_, message) {
      for (const id of message.json<string[]>()) {
        const order = unscored.get(id);
        if (order === undefined) early.add(id);
        else take(order);
        unscored.delete(id);
      }
    },
  });
  const stream = STREAMS.transactions;
  for (let lane = 0; lane < PARTITIONS_DEFAULT; lane++) {
    await read({
      stream,
      filterSubject: laneFilter('ready', lane),
      onMessage: (order) => take({ ...order, id: order.id.replace(READY, '') }),
    });
    await read({ stream, filterSubject: laneFilter('initiated', lane), onMessage: join });
  }
}

await (options.role === 'scorer' ? score() : keepBooks());
process.stdout.write('up\n');
