import { laneFilter, readyMessageId } from '@florin/contracts';
import { HEADERS } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import type { AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import { anyCommands } from '../any-command.ts';
import { problemsOf } from './check-run.ts';
import { createFaults, type Faults } from './fault-plan.ts';
import { createMemoryServer, type Mutant } from './memory-server.ts';
import { createMemoryStream, matches, type MemoryStream } from './memory-stream.ts';
import type { MemoryBooks } from './memory-session.ts';
import { createSimulatedBus } from './simulated-bus.ts';
import { PARTITIONS, type Attempt } from './simulated-ledger.ts';
import { createSimulatedTraffic } from './simulated-traffic.ts';
import type { SimulatedWorld } from './simulated-world.ts';

const TROUBLED_MS = 40_000;
/** So long all may take to come to rest once nothing is in the way any more. */
const REST_MS_MAX = 300_000;
/** Wallets and ids come in groups, within which they collide often. */
const GROUPS = 8;
const COMMANDS_OF_GROUP = 60;
/** The first of each group open its wallets and pay in: the rest gives them time. */
const FUNDING = 12;

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
  mutant: Mutant = {},
): Promise<SimulatedRun> {
  const server = createMemoryServer(() => world.nowMs(), mutant);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    server.books.tables.partitions.set(String(partition), emptyPartition(partition));
  }
  const [orders, events] = [createMemoryStream('TXN'), createMemoryStream('EVT')];
  const commits: Attempt[] = [];
  const answers: string[] = [];
  const fatal: string[] = [];
  const faults = createFaults({
    world,
    server,
    streams: [orders, events],
    commits,
    onAnswer: (text) => answers.push(text),
    onFatal: (what) => fatal.push(what),
  });
  const traffic = startTraffic(world, seed, server.books, [orders, events]);
  await world.runUntil(TROUBLED_MS);
  faults.end();
  const restless = await comeToRest(world, faults, server.books, orders);
  const { commandOf } = traffic;
  const problems = [
    ...restless,
    ...fatal,
    ...problemsOf({ books: server.books, events, commits, answers, commandOf }),
  ];
  await faults.stopAll();
  const operations = commits.flatMap(({ decidedAtUs }) => decidedAtUs).length;
  return { problems, operations, faults: faults.counts, steps: world.steps };
}

const emptyPartition = (partition: number) => ({
  partition,
  epoch: 0n,
  owner: null,
  position: 0n,
  position_message: null,
  stream_created_at: null,
  event_sequence: 0n,
  published_sequence: 0n,
  watched_position: 0n,
  halted_reason: null,
});

function startTraffic(
  world: SimulatedWorld,
  seed: number,
  books: MemoryBooks,
  streams: readonly MemoryStream[],
) {
  const process = world.start('everybody-else');
  const { bus } = createSimulatedBus({
    world,
    process,
    streams,
    weather: { wayMsMax: 20, droppedShare: 0.02, unheardShare: 0.02, silentShare: 0 },
    log: createLogger('simulated', 'silent'),
    onPlain: () => {},
  });
  const traffic = world.runAs(process, () => createSimulatedTraffic(world, bus, books));
  let atMs = 0;
  for (const command of anyTraffic(seed)) {
    // In bursts: many that follow each other closely, then nothing.
    atMs += world.chance(0.85) ? world.between(0, 40) : world.between(0, 600);
    world.after(atMs, () => traffic.say(command), process);
  }
  return traffic;
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
  books: MemoryBooks,
  orders: MemoryStream,
): Promise<string[]> {
  const until = world.nowMs() + REST_MS_MAX;
  // What was to be repeated much later has been said by then.
  await world.runUntil(world.nowMs() + 25_000);
  for (;;) {
    const open = unfinished(books, orders);
    if (open.length === 0 || world.nowMs() >= until) return open;
    faults.ensureOneLives();
    await world.runUntil(world.nowMs() + 500);
  }
}

function unfinished({ tables }: MemoryBooks, orders: MemoryStream): string[] {
  const ids = new Set(orders.messages.map(({ headers }) => headers.get(HEADERS.messageId)));
  const unanswered = orders.messages.filter(
    ({ subject, headers }) =>
      subject.startsWith('txn.initiated') &&
      !ids.has(readyMessageId(headers.get(HEADERS.messageId))),
  );
  const lanes = [...tables.partitions.values()].flatMap((row) => {
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
  return [...lanes, ...(unanswered.length > 0 ? [`${unanswered.length} orders unanswered`] : [])];
}
