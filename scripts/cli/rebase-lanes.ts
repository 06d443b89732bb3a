import { ledgerEventBatch, partitionToken, shardCount, STREAMS } from '@florin/contracts';
import { connect, streamState, type Bus, type StreamState } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import type pg from 'pg';
import { formatTable } from './format-table.ts';
import { readShardMap, shardDatabase } from './local-servers.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

export interface RebaseOptions {
  /** When a stream that went back was restored, RFC 3339: what came later is new. */
  restoredAt?: string | undefined;
}

interface HaltedRow extends Record<string, unknown> {
  partition: number;
  position: bigint;
  stream_created_at: string | null;
  event_sequence: bigint;
  halted_reason: string;
}

const HALTED = `
  SELECT partition, position, stream_created_at, event_sequence, halted_reason FROM partitions
   WHERE halted_reason IS NOT NULL ORDER BY partition`;

/**
 * The owner loses the partition by it, and whoever takes it opens its lane anew. Events are told
 * again from where the event stream ends, or all that it would still hold.
 */
const REBASE = `
  UPDATE partitions p
     SET position = $2, watched_position = $2, position_message = NULL, stream_created_at = $3,
         published_sequence = least(p.event_sequence, coalesce($4, (
           SELECT min(sequence) - 1 FROM (
             SELECT min(event_sequence) AS sequence FROM transactions
              WHERE partition = $1 AND created_at > now() - interval '30 days'
             UNION ALL
             SELECT min(sequence) FROM stored_events
              WHERE partition = $1
                AND (envelope->>'time')::timestamptz > now() - interval '30 days') AS kept),
           p.event_sequence)),
         halted_reason = NULL, owner = NULL, epoch = p.epoch + 1
   WHERE partition = $1 AND halted_reason IS NOT NULL
  RETURNING position, published_sequence`;

/** A broken invariant is for somebody who knows the ledger: another position would not mend it. */
const isAboutStream = ({ halted_reason: reason }: HaltedRow): boolean =>
  reason.includes('stream') || reason.includes('message');

/**
 * The last message that the ledger has read of the stream as it is now. Of a stream that was
 * created anew: none. One that went back has lost what came last, and may have taken new messages
 * since.
 */
async function startOf(
  bus: Bus,
  row: HaltedRow,
  stream: StreamState,
  restoredAt: string | undefined,
): Promise<number> {
  if (row.stream_created_at !== stream.createdAt) return 0;
  if (restoredAt === undefined) {
    throw new Error(
      `the stream went back (partition ${row.partition}): say when it was restored, --restored-at`,
    );
  }
  return lastBefore(bus, stream, new Date(restoredAt));
}

/** By halving: messages lie in the order of their times. */
async function lastBefore(bus: Bus, stream: StreamState, time: Date): Promise<number> {
  let low = stream.firstSequence - 1;
  let high = stream.lastSequence;
  while (low < high) {
    const seq = Math.ceil((low + high) / 2);
    const message = await bus.jsm.streams.getMessage(STREAMS.transactions, { seq });
    if (message !== null && message.time >= time) high = seq - 1;
    else low = seq;
  }
  return low;
}

/** The last event of a partition that the event stream has; null when it has none. */
async function lastTold(bus: Bus, partition: number): Promise<number | null> {
  const last_by_subj = `evt.${partitionToken(partition)}.*.*`;
  const message = await bus.jsm.streams.getMessage(STREAMS.events, { last_by_subj });
  if (message === null) return null;
  const events = ledgerEventBatch.parse(message.json());
  return Math.max(...events.map(({ data }) => data.sequence));
}

async function rebase(
  pool: pg.Pool,
  bus: Bus,
  { restoredAt }: RebaseOptions,
): Promise<{ partition: number; reason: string; position: string; toldFrom: string }[]> {
  const stream = await streamState(bus, STREAMS.transactions);
  const { rows } = await pool.query<HaltedRow>(HALTED);
  const done = [];
  for (const row of rows.filter(isAboutStream)) {
    const { partition, halted_reason: reason } = row;
    const position = await startOf(bus, row, stream, restoredAt);
    // What was told since the streams were made anew tells nothing of what was told before.
    const told = position === 0 ? null : await lastTold(bus, partition);
    const values = [partition, position, stream.createdAt, told];
    type Rebased = { position: bigint; published_sequence: bigint };
    const { rows: now } = await pool.query<Rebased>(REBASE, values);
    const toldFrom = String(now[0]?.published_sequence);
    done.push({ partition, reason, position: String(position), toldFrom });
  }
  return done;
}

/**
 * Lets the partitions that stand still because of their stream read the one that is there now.
 * Orders that the lost messages carried are asked for again by whoever waits for them, with the
 * same key; what was decided stays decided. Of all shards, where there are several.
 */
export async function rebaseLanes(
  { dev }: Pick<Session, 'dev'>,
  options: RebaseOptions,
): Promise<Report> {
  if (dev === undefined) throw new Error('partitions are rebased where the platform runs');
  const log = createLogger('cli', 'fatal');
  const bus = await connect({ url: dev.natsUrl, name: 'cli', log });
  try {
    const data = [];
    const shards = shardCount(await readShardMap(bus));
    for (let shard = 0; shard < shards; shard++) {
      const url = shardDatabase(dev.postgresUrl, shard);
      const pool = createHotPool({ url, applicationName: 'cli', max: 1 });
      try {
        data.push(...(await rebase(pool, bus, options)));
      } finally {
        await pool.end();
      }
    }
    const rows = data.map((one) => [one.partition, one.position, one.toldFrom, one.reason]);
    const table = formatTable(['partition', 'reads after', 'tells after', 'had halted'], rows);
    return { data, text: data.length > 0 ? table : 'no partition stands still for its stream' };
  } finally {
    await bus.close();
  }
}
