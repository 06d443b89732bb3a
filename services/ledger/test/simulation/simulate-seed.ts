import { laneFilter, readyMessageId } from '@florin/contracts';
import { HEADERS } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import type { AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import { anyCommands } from '../any-command.ts';
import { anyCrossings } from './any-crossings.ts';
import { problemsOf } from './check-run.ts';
import { createFaults, type Faults } from './fault-plan.ts';
import type { Mutant } from './memory-server.ts';
import { createMemoryStream, matches, type MemoryStream } from './memory-stream.ts';
import { createSimulatedBus } from './simulated-bus.ts';
import { createSimulatedShards, type SimulatedShards } from './simulated-shards.ts';
import { createSimulatedTraffic } from './simulated-traffic.ts';
import type { Tables } from './memory-tables.ts';
import type { SimulatedWorld } from './simulated-world.ts';

const TROUBLED_MS = 40_000;
/** So long all may take to come to rest once nothing is in the way any more. */
const REST_MS_MAX = 300_000;
/** Wallets and ids come in groups, within which they collide often. */
const GROUPS = 8;
const COMMANDS_OF_GROUP = 60;
/** The first of each group open its wallets and pay in: the rest gives them time. */
const FUNDING = 12;
/** Where there are several shards, so many payments more go from any wallet to any. */
const CROSSINGS = 200;
const CROSSINGS_FROM_MS = 4_000;

export interface SimulatedRun {
  problems: string[];
  /** Commands that were decided. */
  operations: number;
  faults: Record<string, number>;
  steps: number;
}

/**
 * One run: people, banks and a scorer ask; ledger processes decide, crash, sleep and are replaced;
 * then all is well again, and what is left is compared with what must be.
 */
export async function simulateSeed(
  world: SimulatedWorld,
  seed: number,
  { mutant = {}, shardCount = shardsOfSeed(seed) }: { mutant?: Mutant; shardCount?: number } = {},
): Promise<SimulatedRun> {
  const places = { count: shardCount, isAnything: seed % 4 >= 2 };
  const shards = createSimulatedShards(places, () => world.nowMs(), mutant);
  const [orders, events] = [createMemoryStream('TXN'), createMemoryStream('EVT')];
  const answers: string[] = [];
  const fatal: string[] = [];
  const faults = createFaults({
    world,
    shards,
    streams: [orders, events],
    onAnswer: (text) => answers.push(text),
    onFatal: (what) => fatal.push(what),
  });
  const { traffic, weather, askAgain } = startTraffic(world, seed, shards, [orders, events]);
  await world.runUntil(TROUBLED_MS);
  faults.end();
  Object.assign(weather, { droppedShare: 0, unheardShare: 0 });
  // What was to be repeated much later has been said by then.
  await world.runUntil(world.nowMs() + 25_000);
  const restless = await comeToRest(world, faults, shards, orders);
  const asked = askAgain();
  restless.push(...(await comeToRest(world, faults, shards, orders)));
  const problems = [
    ...restless,
    ...fatal,
    ...problemsOf({ shards, events, answers, asked, traffic }),
  ];
  await faults.stopAll();
  const commits = shards.all.flatMap((shard) => shard.commits);
  const operations = commits.flatMap(({ decidedAtUs }) => decidedAtUs).length;
  return { problems, operations, faults: faults.counts, steps: world.steps };
}

/** Every second seed has all books in one place, the others have two to four shards. */
const shardsOfSeed = (seed: number): number => (seed % 2 === 0 ? 1 : 2 + (((seed - 1) / 2) % 3));

function startTraffic(
  world: SimulatedWorld,
  seed: number,
  shards: SimulatedShards,
  streams: readonly MemoryStream[],
) {
  const process = world.start('everybody-else');
  const weather = { wayMsMax: 20, droppedShare: 0.02, unheardShare: 0.02, silentShare: 0 };
  const { bus } = createSimulatedBus({
    world,
    process,
    streams,
    weather,
    log: createLogger('simulated', 'silent'),
    onPlain: () => {},
  });
  const traffic = world.runAs(process, () => createSimulatedTraffic(world, bus, shards));
  let atMs = 0;
  for (const command of anyTraffic(seed)) {
    // In bursts: many that follow each other closely, then nothing.
    atMs += world.chance(0.85) ? world.between(0, 40) : world.between(0, 600);
    world.after(atMs, () => traffic.say(command), process);
  }
  const crossings = shards.map === undefined ? 0 : CROSSINGS;
  for (const command of anyCrossings(world, crossings, GROUPS, shards.isAnything)) {
    world.after(world.between(CROSSINGS_FROM_MS, atMs), () => traffic.say(command), process);
  }
  return { traffic, weather, askAgain: () => world.runAs(process, traffic.askAgain) };
}

/** Each group opens its wallets, pays in, and then says anything; two groups at a time. */
function anyTraffic(seed: number): AuditedCommand[] {
  const size = { minLength: COMMANDS_OF_GROUP, maxLength: COMMANDS_OF_GROUP };
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const numbered = { numRuns: 1, seed: seed * GROUPS + group };
    const [commands = []] = fc.sample(anyCommands(1000 * group, size), numbered);
    const start = group * 0.5 * commands.length;
    return commands.map((command, i) => {
      const waited = i < FUNDING ? 0 : 2 * FUNDING;
      return { command, at: start + i + waited };
    });
  });
  const ordered = groups.flat().toSorted((a, b) => a.at - b.at);
  return ordered.map(({ command }) => command);
}

/** Lets it run until every order is answered and every event told. @returns what never was */
async function comeToRest(
  world: SimulatedWorld,
  faults: Faults,
  shards: SimulatedShards,
  orders: MemoryStream,
): Promise<string[]> {
  const until = world.nowMs() + REST_MS_MAX;
  for (;;) {
    // What was sent has arrived by then.
    await world.runUntil(world.nowMs() + 500);
    const open = [
      ...unanswered(orders),
      ...shards.all.flatMap(({ books: { tables } }) => [
        ...behind(tables, orders),
        ...waiting(tables),
        ...(shards.map === undefined ? [] : unchecked(tables)),
      ]),
    ];
    if (open.length === 0 || world.nowMs() >= until) return open;
    faults.ensureOneLives();
  }
}

function unanswered(orders: MemoryStream): string[] {
  const ids = new Set(orders.messages.map(({ headers }) => headers.get(HEADERS.messageId)));
  const open = orders.messages.filter(
    ({ subject, headers }) =>
      subject.startsWith('txn.initiated') &&
      !ids.has(readyMessageId(headers.get(HEADERS.messageId))),
  );
  return open.length === 0 ? [] : [`${open.length} orders unanswered`];
}

function waiting({ departures }: Tables): string[] {
  const open = [...departures.values()].filter((row) => row['settled_us'] === null);
  return open.map((row) => `${String(row['transaction_id'])} waits for another shard`);
}

function unchecked({ partitions, key_checks: checks, transactions }: Tables): string[] {
  return [...partitions.values()].flatMap(({ partition }) => {
    const checked = checks.get(String(partition))?.['checked_sequence'] ?? 0n;
    const own = [...transactions.values()].filter((row) => row['partition'] === partition);
    const isDone = own.every(
      (row) => ((row['event_sequence'] as bigint | null) ?? 0n) <= (checked as bigint),
    );
    return isDone ? [] : [`keys of partition ${String(partition)} were not looked up`];
  });
}

function behind({ partitions }: Tables, orders: MemoryStream): string[] {
  return [...partitions.values()].flatMap((row) => {
    const partition = Number(row['partition']);
    const filter = laneFilter('ready', partition);
    const last = orders.messages.findLast(({ subject }) => matches(filter, subject))?.sequence ?? 0;
    if (row['halted_reason'] !== null)
      return [`partition ${partition}: ${row['halted_reason'] as string}`];
    if (row['position'] !== BigInt(last)) {
      return [`partition ${partition} stands at ${String(row['position'])} of ${last}`];
    }
    const isTold = row['published_sequence'] === row['event_sequence'];
    return isTold ? [] : [`partition ${partition} has untold events`];
  });
}
