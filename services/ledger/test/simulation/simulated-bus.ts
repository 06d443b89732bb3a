import type { Bus } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import { matches, type MemoryStream, type StoredMessage } from './memory-stream.ts';
import type { SimulatedProcess, SimulatedWorld } from './simulated-world.ts';

/** How the way to the stream behaves. Shares are of messages. */
export interface BusWeather {
  wayMsMax: number;
  /** Publishes that never arrive. */
  droppedShare: number;
  /** Publishes that are stored, and nobody hears of it. */
  unheardShare: number;
  /** Deliveries after which a consumer falls silent until it is made anew. */
  silentShare: number;
}

export interface SimulatedBusOptions {
  world: SimulatedWorld;
  process: SimulatedProcess;
  streams: readonly MemoryStream[];
  weather: BusWeather;
  log: Logger;
  /** A message that no stream takes. */
  onPlain(subject: string, text: string): void;
}

/** After this long the client's library gives a request up. */
const REQUEST_TIMEOUT_MS = 5_000;

export interface SimulatedBus {
  bus: Bus;
  setConnected(connected: boolean): void;
}

type Callback = (error: null, message: object) => void;

/** A connection to the streams as the client's library offers it, as far as our code uses it. */
export function createSimulatedBus(options: SimulatedBusOptions): SimulatedBus {
  const { world, process, streams, weather, log } = options;
  const listeners = new Set<(connected: boolean) => void>();
  const subscriptions: { filter: string; callback: Callback }[] = [];
  let isConnected = true;
  let arrivesMs = 0;
  let inboxMs = 0;

  const way = (): number => world.between(0, weather.wayMsMax);
  const streamOf = (subject: string): MemoryStream | undefined =>
    streams.find(({ name }) => subject.startsWith(`${name.toLowerCase()}.`));
  const named = (name: string): MemoryStream => {
    const found = streams.find((stream) => stream.name === name);
    if (found === undefined) throw new Error(`no stream ${name}`);
    return found;
  };

  function hear(subject: string, answer: object): void {
    inboxMs = Math.max(inboxMs, world.nowMs() + way());
    const data = Buffer.from(JSON.stringify(answer));
    world.after(
      inboxMs - world.nowMs(),
      () => {
        if (!isConnected) return;
        for (const { filter, callback } of subscriptions) {
          if (matches(filter, subject)) callback(null, { subject, data, json: () => answer });
        }
      },
      process,
    );
  }

  type Published = { reply?: string; headers?: StoredMessage['headers'] };
  function publish(subject: string, body: Uint8Array | string, told: Published = {}): void {
    const { reply = '', headers = { get: () => '' } } = told;
    if (!isConnected || world.chance(weather.droppedShare)) return;
    // What was sent before a crash arrives after it.
    arrivesMs = Math.max(arrivesMs, world.nowMs() + way());
    world.after(arrivesMs - world.nowMs(), () => {
      const stream = streamOf(subject);
      if (stream === undefined) return options.onPlain(subject, String(body));
      const data = typeof body === 'string' ? Buffer.from(body) : body;
      const answer = stream.add({ subject, headers, data, timeMs: world.nowMs() });
      if (!world.chance(weather.unheardShare)) hear(reply, answer);
    });
  }

  async function ask<T>(read: () => T): Promise<T> {
    await world.wait(way());
    if (!isConnected) {
      await world.wait(REQUEST_TIMEOUT_MS);
      throw new Error('timeout');
    }
    const answer = read();
    await world.wait(way());
    return answer;
  }

  const nc = {
    publish,
    subscribe(filter: string, { callback }: { callback: Callback }) {
      const subscription = { filter, callback };
      subscriptions.push(subscription);
      const unsubscribe = () => void subscriptions.splice(subscriptions.indexOf(subscription), 1);
      return { unsubscribe };
    },
    isClosed: () => false,
    isDraining: () => false,
  };
  const jsm = {
    streams: {
      info: (name: string) =>
        ask(() => ({
          created: named(name).createdAt,
          state: { first_seq: 1, last_seq: named(name).messages.length },
        })),
      getMessage: (name: string, query: { seq: number; next_by_subj?: string }) =>
        ask(() => {
          const { seq, next_by_subj: filter } = query;
          const { messages } = named(name);
          const found =
            filter === undefined
              ? messages[seq - 1]
              : messages.find((one) => one.sequence >= seq && matches(filter, one.subject));
          return found === undefined ? null : { header: found.headers };
        }),
    },
  };
  const consumers = {
    async get(name: string, asked: { filter_subjects: string; opt_start_seq: number }) {
      return ask(() => createConsumer(options, named(name), asked, () => isConnected));
    },
  };
  const bus = {
    name: 'ledger',
    inboxPrefix: '_INBOX.ledger',
    nc,
    js: { consumers },
    jsm,
    log,
    metrics: undefined,
    connected: () => isConnected,
    onConnectionChange(listener: (connected: boolean) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {},
  } as unknown as Bus;
  return {
    bus,
    setConnected(connected) {
      if (isConnected === connected || !process.alive) return;
      isConnected = connected;
      for (const listener of listeners) world.runAs(process, () => listener(connected));
    },
  };
}

/** One reader of the stream: hands over in order what is stored and what comes. */
function createConsumer(
  { world, process, weather }: SimulatedBusOptions,
  stream: MemoryStream,
  asked: { filter_subjects: string; opt_start_seq: number },
  isConnected: () => boolean,
) {
  const filter = asked.filter_subjects;
  const wanted = (): StoredMessage[] =>
    stream.messages.filter(({ subject }) => matches(filter, subject));
  const isNew = ({ sequence }: StoredMessage): boolean => sequence >= asked.opt_start_seq;
  let isSilent = false;
  let nextMs = 0;

  function consume() {
    const arrived: object[] = [];
    let ended = false;
    let wake = Promise.withResolvers<void>();
    const broken = Promise.withResolvers<object>();
    const stopFollowing = stream.follow((message) => {
      if (matches(filter, message.subject)) deliver(message);
    });

    function deliver(message: StoredMessage): void {
      if (isSilent) return;
      if (world.chance(weather.silentShare)) return fallSilent();
      nextMs = Math.max(nextMs, world.nowMs() + world.between(0, weather.wayMsMax));
      const hand = () => {
        if (ended || !isConnected()) return;
        arrived.push(deliveryOf(message));
        wake.resolve();
      };
      world.after(nextMs - world.nowMs(), hand, process);
    }

    function fallSilent(): void {
      isSilent = true;
      const notice = { type: 'heartbeats_missed' };
      world.after(5_000, () => broken.resolve(notice), process);
    }

    const deliveryOf = ({ sequence, subject, headers, data, timeMs }: StoredMessage) => ({
      subject,
      seq: sequence,
      data,
      headers,
      info: {
        streamSequence: sequence,
        timestampNanos: (world.wallMs() - world.nowMs() + timeMs) * 1e6,
        pending: wanted().filter((one) => one.sequence > sequence).length,
      },
    });

    for (const message of wanted().filter(isNew)) deliver(message);
    return {
      getReceived: () => Number.MAX_SAFE_INTEGER,
      stop() {
        ended = true;
        stopFollowing();
        wake.resolve();
      },
      async *status() {
        yield await broken.promise;
      },
      async *[Symbol.asyncIterator]() {
        while (!ended) {
          const message = arrived.shift();
          if (message !== undefined) {
            yield message;
            continue;
          }
          wake = Promise.withResolvers<void>();
          await wake.promise;
        }
      },
    };
  }

  return {
    info: async () => {
      await world.wait(world.between(0, weather.wayMsMax));
      return { num_pending: wanted().filter(isNew).length };
    },
    consume: async () => consume(),
    delete: async () => true,
  };
}
