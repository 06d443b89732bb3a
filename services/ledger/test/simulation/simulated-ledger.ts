import { AsyncLocalStorage } from 'node:async_hooks';
import { createPublisher, createSigner, createVerifier } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/runtime';
import { createMicrosecondClock } from '../../adapters/microsecond-clock.ts';
import { NO_FEES } from '../../domain/fee.ts';
import { createAnswerOrigins } from '../../lane/answer-origins.ts';
import { startCheckKeys } from '../../lane/check-keys.ts';
import { createDecodeMessage } from '../../lane/decode-message.ts';
import { createForwardUnscored } from '../../lane/forward-unscored.ts';
import { createLaneKeeper, type LaneKeeper } from '../../lane/lane-keeper.ts';
import type { LaneItem } from '../../lane/lane-item.ts';
import { createPostBatch } from '../../lane/post-batch.ts';
import { createFindElsewhere, type FindElsewhere } from '../../lane/keys-elsewhere.ts';
import { startRepeatDepartures } from '../../lane/repeat-departures.ts';
import { createSendLetters } from '../../lane/send-letters.ts';
import { othersOf } from '../../lane/shard-view.ts';
import { startSweep } from '../../lane/start-sweep.ts';
import type { MemoryStream } from './memory-stream.ts';
import { createSimulatedBus, type BusWeather } from './simulated-bus.ts';
import { createSimulatedAsking } from './simulated-asking.ts';
import { createSimulatedPool } from './simulated-pool.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';
import type { SimulatedProcess, SimulatedWorld } from './simulated-world.ts';

export const PARTITIONS = 4;
export const REVIEW_FOR_MS = 30_000;
const LEASE_MS = 2_000;

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');
export const SIGNING_KEYS = {
  gateway: { g1: keyOf(1) },
  banking: { b1: keyOf(2) },
  ledger: { l1: keyOf(3) },
  fraud: { f1: keyOf(4) },
};

/** A batch on its way to its commit: what was asked, and at which time each of it was decided. */
export interface Attempt {
  process: string;
  items: readonly LaneItem[];
  decidedAtUs: number[];
  /** Batches that were committed when it read its wallets. */
  seen?: number;
  /** Keys that other shards said were theirs. */
  used?: ReadonlySet<string>;
}

const attempts = new AsyncLocalStorage<Attempt>();
const silent = createLogger('simulated', 'silent');

export interface SimulatedLedgerOptions {
  world: SimulatedWorld;
  shards: SimulatedShards;
  streams: readonly MemoryStream[];
  busWeather: BusWeather;
  onAnswer(text: string): void;
  /** A process has found that an invariant is broken. */
  onFatal(what: string): void;
}

export interface SimulatedLedger {
  process: SimulatedProcess;
  shard: SimulatedShard;
  keeper: LaneKeeper;
  setConnected(connected: boolean): void;
  breakDatabase(): void;
  stop(): Promise<void>;
}

/** Starts a ledger process in the simulated world: the real lanes, keeper, watchdog and sweep. */
export function startSimulatedLedger(
  options: SimulatedLedgerOptions,
  shard: SimulatedShard,
  name: string,
): SimulatedLedger {
  const { world } = options;
  const process = world.start(name);
  return world.runAs(process, () => wire(options, shard, process));
}

function wire(
  options: SimulatedLedgerOptions,
  shard: SimulatedShard,
  process: SimulatedProcess,
): SimulatedLedger {
  const { world, shards, streams } = options;
  const { server, weather, commits } = shard;
  const place = shards.map && { own: shard.own, map: shards.map };
  const fatal = (told: object) => options.onFatal(`${process.name}: ${JSON.stringify(told)}`);
  const log = Object.assign(Object.create(silent) as typeof silent, { fatal });
  const poolOf = (max: number) =>
    createSimulatedPool({
      world,
      server,
      weather,
      process,
      max,
      idleInTransactionMs: LEASE_MS / 2,
      onTaken() {
        const attempt = attempts.getStore();
        return {
          onRead: () => attempt && (attempt.seen ??= commits.length),
          onCommit: () => attempt && commits.push(attempt),
        };
      },
    });
  const [postings, reads, leases] = [poolOf(2), poolOf(6), poolOf(1)];
  const { bus, setConnected } = createSimulatedBus({
    world,
    process,
    streams,
    weather: options.busWeather,
    log,
    onPlain: (_, text) => options.onAnswer(text),
  });
  const clockUs = createMicrosecondClock({
    nowMs: () => world.wallMs(),
    monotonicMs: () => world.nowMs(),
  });
  const nowUs = (): number => {
    const us = clockUs();
    attempts.getStore()?.decidedAtUs.push(us);
    return us;
  };
  const events = createPublisher(bus, { signer: createSigner({ kid: 'l1', key: keyOf(3) }) });
  const metrics = createMetrics('simulated');
  const verify = createVerifier(SIGNING_KEYS);
  const decodeMessage = createDecodeMessage({ partitions: PARTITIONS, verify });
  const elsewhere = place && {
    others: () => othersOf(place),
    ask: createSimulatedAsking(world, shards, options.busWeather),
    nowMs: () => world.nowMs(),
    log,
  };
  const postBatch = createPostBatch({
    pool: postings.pool,
    nowUs,
    fees: () => NO_FEES,
    reviewForMs: REVIEW_FOR_MS,
    shard: place,
    findElsewhere: elsewhere && findElsewhere(elsewhere),
  });
  const sendLetters = createSendLetters({ publisher: events, partitions: PARTITIONS, log });
  const keeper = createLaneKeeper({
    pool: postings.pool,
    leasePool: leases.pool,
    bus,
    events,
    owner: process.name,
    leaseMs: LEASE_MS,
    log,
    metrics,
    decodeMessage,
    watchdogDeadlineMs: 500,
    forwardUnscored: createForwardUnscored({
      pool: reads.pool,
      publisher: events,
      decodeMessage,
      limits: { USD: 400n },
      flag: () => 'enforce',
      log,
      metrics,
    }),
    postBatch: (claims, items) =>
      attempts.run({ process: process.name, items, decidedAtUs: [] }, () =>
        postBatch(claims, items),
      ),
    sendLetters: place && sendLetters,
    answer: createAnswerOrigins(bus),
  });
  // Where the database is away at first, whoever runs the process starts it again.
  const started = keeper.start().catch(() => world.kill(process));
  const ours = { pool: reads.pool, partitions: () => keeper.lanes().keys(), nowUs, log };
  const sweep = startSweep({ ...ours, publisher: events });
  const repeating = place && startRepeatDepartures({ ...ours, send: sendLetters });
  const checking = elsewhere && startCheckKeys({ ...ours, ...elsewhere });
  return {
    process,
    shard,
    keeper,
    setConnected,
    breakDatabase() {
      for (const { breakAll } of [postings, reads, leases]) breakAll();
    },
    async stop() {
      await started;
      sweep.stop();
      await repeating?.stop();
      await checking?.stop();
      await keeper.stop();
      events.close();
    },
  };
}

/** Each batch remembers what it was told of its keys. */
function findElsewhere(options: Parameters<typeof createFindElsewhere>[0]): FindElsewhere {
  const find = createFindElsewhere(options);
  return async (ids) => {
    const used = await find(ids);
    const attempt = attempts.getStore();
    if (attempt !== undefined) attempt.used = used;
    return used;
  };
}
