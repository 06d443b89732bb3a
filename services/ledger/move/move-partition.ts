import { setTimeout as delay } from 'node:timers/promises';
import {
  KV_BUCKETS,
  partitionsOfShard,
  SHARD_MAP_KEY,
  shardCount,
  shardMap,
  type ShardMap,
} from '@florin/contracts';
import { present, RetryableError, TerminalError, uuidv7 } from '@florin/kernel';
import { readValue, replaceValue, type Bus } from '@florin/messaging';
import { isTransient, withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { jsonTextArray, plainArray } from '../adapters/array-literal.ts';
import { rebuildEvents } from '../lane/rebuild-events.ts';
import { compareCopies } from './compare-copies.ts';
import { copyRows, MAY_MOVE } from './copy-rows.ts';
import { forgetPartition } from './forget-partition.ts';
import { fence, open, takeBack } from './hand-over.ts';
import {
  beginMove,
  moveOf,
  movesUnderWay,
  setState,
  type InState,
  type Lane,
  type MoveRow,
  type OutState,
} from './move-state.ts';

/** So little is left to copy that the lane may wait for it; or it grows faster than we copy. */
const REST_ROWS = 1_000;
const LOOKS_MAX = 8;
const HEARD_BY_MS = 2_000;
const TAKEN_BY_MS = 20_000;
const TAKEN_LOOK_MS = 20;
const ANNOUNCE_TRIES = 10;
const STEP_TRIES = 20;
const STEP_REST_MS = 500;

export interface MoveParts {
  source: pg.Pool;
  target: pg.Pool;
  bus: Bus;
  partition: number;
  /** The shards that these databases are. */
  from: number;
  to: number;
  /** Whoever goes by the older map has heard of the newer one by then, or hears nothing at all. */
  heardByMs?: number;
  /** What is being done, and how many rows of it are copied by now. */
  onStep?(step: string, rows: number): void;
}

export interface Moved {
  partition: number;
  from: number;
  to: number;
  /** Of the map that tells it. */
  version: number;
  looks: number;
  rows: number;
  /** From when nobody decided about the partition until somebody owned it again. */
  pauseMs: number | null;
}

/**
 * Moves a partition from one shard to another while payments go on, or carries on where somebody
 * was ended. What lies still is copied ahead; then the lane is fenced in the source, the rest is
 * copied, both copies are compared, and the target opens the lane where it stood. Every step is
 * noted in the database that it changes, in the same commit: done twice it does nothing.
 *
 * At no moment two shards decide: the source has taken its row of the partition out, in a commit
 * that waits for all postings, before the target puts it in.
 */
export const movePartition = (parts: MoveParts): Promise<Moved> =>
  alone(parts, () => moveAlone(parts));

async function moveAlone(parts: MoveParts): Promise<Moved> {
  const { source, target, partition, from, to } = parts;
  const id = await beginOrCarryOn(parts);
  let looks = 0;
  let rows = 0;
  const tell = (step: string) => parts.onStep?.(step, rows);
  const look = async (): Promise<number> => {
    looks += 1;
    const found = await lookOnce(parts, id, (some) => {
      rows += some;
      tell('copying');
    });
    return found;
  };

  for (;;) {
    const out = await stateOf<OutState>(source, id);
    const into = await stateOf<InState>(target, id);
    tell(`${out.state} there, ${into.state} here`);
    if (out.state === 'called-off' || into.state === 'called-off') {
      throw new TerminalError(`this move of partition ${partition} was called off`);
    }
    if (out.state === 'copying') {
      const found = await look();
      if (found > REST_ROWS && looks < LOOKS_MAX) continue;
      await patiently(() => fence(source, { id, partition }));
    } else if (out.state === 'fenced' && into.state === 'copying') {
      await look();
      await copyUntold(parts, present(out.lane, 'lane of a fenced partition'));
      await compare(parts, present(out.lane, 'lane of a fenced partition'));
      await setState(target, id, 'copying', 'complete');
    } else if (out.state === 'fenced' && into.state === 'complete') {
      await announce(parts.bus, partition, to);
      const lane = present(out.lane, 'lane of a fenced partition');
      await patiently(() => open(target, id, lane));
    } else if (out.state === 'fenced') {
      await setState(source, id, 'fenced', 'left');
    } else if (out.state === 'left') {
      const pauseMs = await pauseOf(parts, id);
      await delay(parts.heardByMs ?? HEARD_BY_MS);
      await patiently(() =>
        forgetPartition(source, { id, partition }, { from: 'left', to: 'gone' }),
      );
      const { version } = await readMap(parts.bus);
      return { partition, from, to, version, looks, rows, pauseMs };
    } else {
      const { version } = await readMap(parts.bus);
      return { partition, from, to, version, looks, rows, pauseMs: null };
    }
  }
}

/** Why a partition can't be moved now; nothing where it can, or is on its way there already. */
export async function whyNotMove(parts: MoveParts): Promise<string[]> {
  const { source, target, partition, from, to } = parts;
  const map = await readMap(parts.bus);
  const at = map.partitions[partition];
  if (at === undefined) return [`there is no partition ${partition}`];
  const underWay = [...(await movesUnderWay(source)), ...(await movesUnderWay(target))];
  if (underWay.some((move) => isThis(move, parts))) return [];
  const [here, there] = [await keptBy(source), await keptBy(target)];
  const lane = here.find((one) => one.partition === partition);
  const isTarget = partitionsOfShard(map, to).join() === there.map((one) => one.partition).join();
  const archived = (await archivedMonths(source)) + (await archivedMonths(target));
  const obstacles: [boolean, string][] = [
    [from === to, 'a partition is moved to another shard than it is in'],
    [at !== from, `partition ${partition} is in shard ${at}`],
    [to >= shardCount(map), `the map tells of no shard ${to}: give one that has "shards"`],
    [lane === undefined, `the database given as shard ${from} keeps no partition ${partition}`],
    [!isTarget, `the database given as shard ${to} keeps others than the map says`],
    [Boolean(lane?.halted_reason), `it stands still: ${lane?.halted_reason}`],
    [archived > 0, 'months are archived, and what is in the archive of a shard stays there'],
  ];
  const moving = [...new Set(underWay.map((move) => move.partition))];
  return [
    ...obstacles.filter(([applies]) => applies).map(([, obstacle]) => obstacle),
    ...moving.map((other) => `partition ${other} is on its way: carry that on first`),
  ];
}

/** Ends a move that the target has not been opened for, as if it had never begun. */
export const callOff = (parts: MoveParts): Promise<void> => alone(parts, () => callOffAlone(parts));

async function callOffAlone(parts: MoveParts): Promise<void> {
  const { source, target, partition, to } = parts;
  const move = (await movesUnderWay(source)).find((one) => isThis(one, parts));
  if (move === undefined) throw new TerminalError(`partition ${partition} is not on its way`);
  if ((await readMap(parts.bus)).partitions[partition] === to) {
    throw new TerminalError('everybody was told of it: carry it on, and move it back then');
  }
  // The target's copy first: it can't be opened then.
  const into = await moveOf<InState>(target, move.id);
  if (into !== undefined && into.state !== 'called-off') {
    const state = { from: into.state, to: 'called-off' };
    await patiently(() => forgetPartition(target, { id: move.id, partition }, state));
  }
  await patiently(() => takeBack(source, move.id));
}

/**
 * One process at a time. Whoever is killed lets go of it, as soon as its server has noticed.
 * @throws TerminalError while another one is at it
 */
async function alone<T>({ source, partition }: MoveParts, work: () => Promise<T>): Promise<T> {
  const client = await source.connect();
  try {
    for (let tries = 1; ; tries++) {
      const { rows } = await client.query<{ ours: boolean }>(
        "SELECT pg_try_advisory_lock(hashtext('move-partition'), $1) AS ours",
        [partition],
      );
      if (rows[0]?.ours === true) return await work();
      if (tries === STEP_TRIES) {
        throw new TerminalError(`another process is moving partition ${partition}`);
      }
      await delay(STEP_REST_MS);
    }
  } finally {
    // The lock ends with its connection.
    client.release(true);
  }
}

const isThis = (move: MoveRow, { partition, from, to }: MoveParts): boolean =>
  move.partition === partition && move.other_shard === (move.direction === 'out' ? to : from);

async function beginOrCarryOn(parts: MoveParts): Promise<string> {
  const { source, target, partition, from, to } = parts;
  const begun = (await movesUnderWay(source)).find((move) => isThis(move, parts));
  if (begun === undefined) {
    const obstacles = await whyNotMove(parts);
    if (obstacles.length > 0) throw new TerminalError(obstacles.join('; '));
    await sayAgain(parts.bus);
  }
  const id = begun?.id ?? uuidv7();
  await beginMove(source, { id, partition, direction: 'out', other_shard: to });
  await beginMove(target, { id, partition, direction: 'in', other_shard: from });
  return id;
}

async function stateOf<State extends string>(pool: pg.Pool, id: string): Promise<MoveRow<State>> {
  return present(await moveOf<State>(pool, id), 'a move that was begun');
}

/** One more look at the source, and all that it found, in the target. */
const lookOnce = (
  { source, target, partition }: MoveParts,
  id: string,
  onRows: (rows: number) => void,
): Promise<number> =>
  withHotTransaction(source, async (reading) => {
    await reading.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    return withHotTransaction(target, async (writing) => {
      await writing.query(MAY_MOVE);
      const { rows: known } = await writing.query<{ since: string | null }>(
        `SELECT copied_below::text AS since FROM partition_moves
          WHERE id = $1 AND state = 'copying' FOR UPDATE`,
        [id],
      );
      if (known.length === 0) throw new RetryableError('somebody else carries this move on');
      const since = known[0]?.since ?? undefined;
      const { copiedBelow, rows } = await copyRows(reading, writing, { partition, since, onRows });
      await writing.query('UPDATE partition_moves SET copied_below = $2::xid8 WHERE id = $1', [
        id,
        copiedBelow,
      ]);
      return rows;
    });
  });

const KEEP_EVENTS = `
  INSERT INTO stored_events
  SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::json[]) ON CONFLICT DO NOTHING`;

/**
 * Events that are committed and may not have been told are told by the target, which doesn't have
 * the entries of the other wallet: it gets their text.
 */
async function copyUntold({ source, target, partition }: MoveParts, lane: Lane): Promise<void> {
  const { published_sequence: told, event_sequence: last } = lane;
  const { events } = await rebuildEvents(source, partition, told, last);
  const untold = events.filter(({ isStored }) => !isStored);
  await target.query(KEEP_EVENTS, [
    plainArray(untold.map((event) => event.partition)),
    plainArray(untold.map((event) => event.sequence)),
    plainArray(untold.map((event) => event.name)),
    jsonTextArray(untold.map((event) => event.json())),
  ]);
}

/** @throws TerminalError where the copies differ: nothing is opened, and it can be called off */
async function compare({ source, target, partition }: MoveParts, lane: Lane): Promise<void> {
  const differences = await compareCopies(source, target, partition, lane.published_sequence);
  if (differences.length === 0) return;
  const told = differences.map((one) => `${one.table}: ${one.source}, the copy ${one.target}`);
  throw new TerminalError(`the copy of partition ${partition} is another: ${told.join('; ')}`);
}

async function readMap(bus: Bus): Promise<ShardMap> {
  const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  if (known === undefined) throw new TerminalError('this installation has no shard map');
  return shardMap.parse(JSON.parse(known.value));
}

/** The map as it is: whoever may not tell of it shall find out before a lane stands still. */
async function sayAgain(bus: Bus): Promise<void> {
  const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  if (known !== undefined) {
    await replaceValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY, known.value, known);
  }
}

/** Tells everybody where the partition is. Who asks for it finds the whole copy there. */
async function announce(bus: Bus, partition: number, to: number): Promise<void> {
  for (let tries = 1; tries <= ANNOUNCE_TRIES; tries++) {
    const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
    const map = await readMap(bus);
    if (map.partitions[partition] === to) return;
    const next: ShardMap = {
      version: map.version + 1,
      partitions: map.partitions.with(partition, to),
      shards: shardCount(map),
    };
    const text = JSON.stringify(next);
    const written = await replaceValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY, text, known);
    if (written.ok) return;
  }
  throw new RetryableError('somebody else changes the shard map all the time');
}

/** How long nobody owned the partition, by the clock of the source; null if nobody does yet. */
async function pauseOf({ source, target, partition }: MoveParts, id: string) {
  const deadline = performance.now() + TAKEN_BY_MS;
  while (performance.now() < deadline) {
    const { rows: owned } = await target.query(
      'SELECT FROM partitions WHERE partition = $1 AND owner IS NOT NULL',
      [partition],
    );
    if (owned.length > 0) {
      const { rows } = await source.query<{ ms: number }>(
        `SELECT (extract(epoch FROM clock_timestamp() - fenced_at) * 1000)::float8 AS ms
           FROM partition_moves WHERE id = $1`,
        [id],
      );
      return rows[0]?.ms ?? null;
    }
    await delay(TAKEN_LOOK_MS);
  }
  return null;
}

/** A step that loses against postings, or whose answer was lost, is done again: it does no harm. */
async function patiently(step: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await step();
    } catch (error) {
      if (!isTransient(error) || tries === STEP_TRIES) throw error;
      await delay(STEP_REST_MS);
    }
  }
}

async function keptBy(pool: pg.Pool) {
  const { rows } = await pool.query<{ partition: number; halted_reason: string | null }>(
    'SELECT partition, halted_reason FROM partitions ORDER BY partition',
  );
  return rows;
}

async function archivedMonths(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ months: number }>(
    'SELECT count(*)::int AS months FROM archived_months',
  );
  return rows[0]?.months ?? 0;
}
