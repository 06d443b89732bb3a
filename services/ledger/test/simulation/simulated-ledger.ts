import { AsyncLocalStorage } from 'node:async_hooks';
import { createPublisher, createSigner, createVerifier } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/runtime';
import { createMicrosecondClock } from '../../adapters/microsecond-clock.ts';
import { NO_FEES } from '../../domain/fee.ts';
import { createAnswerOrigins } from '../../lane/answer-origins.ts';
import { createDecodeMessage } from '../../lane/decode-message.ts';
import { createForwardUnscored } from '../../lane/forward-unscored.ts';
import { createLaneKeeper, type LaneKeeper } from '../../lane/lane-keeper.ts';
import type { LaneItem } from '../../lane/lane-item.ts';
import { createPostBatch } from '../../lane/post-batch.ts';
import { startSweep } from '../../lane/start-sweep.ts';
import type { MemoryServer } from './memory-server.ts';
import type { MemoryStream } from './memory-stream.ts';
import { createSimulatedBus, type BusWeather } from './simulated-bus.ts';
import { createSimulatedPool, type DatabaseWeather } from './simulated-pool.ts';
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
}

const attempts = new AsyncLocalStorage<Attempt>();
const silent = createLogger('simulated', 'silent');

export interface SimulatedLedgerOptions {
  world: SimulatedWorld;
  server: MemoryServer;
  streams: readonly MemoryStream[];
  databaseWeather: DatabaseWeather;
  busWeather: BusWeather;
  /** Batches in the order of their commits. */
  commits: Attempt[];
  onAnswer(text: string): void;
  /** A process has found that an invariant is broken. */
  onFatal(what: string): void;
}

export interface SimulatedLedger {
  process: SimulatedProcess;
  keeper: LaneKeeper;
  setConnected(connected: boolean): void;
  breakDatabase(): void;
  stop(): Promise<void>;
}

/** Starts a ledger process in the simulated world: the real lanes, keeper, watchdog and sweep. */
export function startSimulatedLedger(
  options: SimulatedLedgerOptions,
  name: string,
): SimulatedLedger {
  const { world } = options;
  const process = world.start(name);
  return world.runAs(process, () => wire(options, process));
}

function wire(options: SimulatedLedgerOptions, process: SimulatedProcess): SimulatedLedger {
  const { world, server, streams } = options;
  const fatal = (told: object) => options.onFatal(`${process.name}: ${JSON.stringify(told)}`);
  const log = Object.assign(Object.create(silent) as typeof silent, { fatal });
  const poolOf = (max: number) =>
    createSimulatedPool({
      world,
      server,
      weather: options.databaseWeather,
      process,
      max,
      idleInTransactionMs: LEASE_MS / 2,
      onTaken() {
        const attempt = attempts.getStore();
        const { commits } = options;
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
  const postBatch = createPostBatch({
    pool: postings.pool,
    nowUs,
    fees: () => NO_FEES,
    reviewForMs: REVIEW_FOR_MS,
  });
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
    answer: createAnswerOrigins(bus),
  });
  // Where the database is away at first, whoever runs the process starts it again.
  const started = keeper.start().catch(() => world.kill(process));
  const sweep = startSweep({
    pool: reads.pool,
    publisher: events,
    partitions: () => keeper.lanes().keys(),
    nowUs,
    log,
  });
  return {
    process,
    keeper,
    setConnected,
    breakDatabase() {
      for (const { breakAll } of [postings, reads, leases]) breakAll();
    },
    async stop() {
      await started;
      sweep.stop();
      await keeper.stop();
      events.close();
    },
  };
}
