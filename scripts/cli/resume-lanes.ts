import { shardCount } from '@florin/contracts';
import { connect } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import type { DevFile } from '../platform/dev-file.ts';
import { verifyLedger } from './check-books.ts';
import { formatTable } from './format-table.ts';
import { readShardMap, shardDatabase } from './local-servers.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

/** The owner loses the partition by it, and whoever takes it opens its lane anew. */
const RESUME = `
  WITH halted AS (
    SELECT partition, halted_reason AS reason FROM partitions
     WHERE halted_reason LIKE 'broken invariant%'
       FOR NO KEY UPDATE)
  UPDATE partitions p SET halted_reason = NULL, owner = NULL, epoch = p.epoch + 1
    FROM halted WHERE halted.partition = p.partition
  RETURNING p.partition, halted.reason`;

interface Resumed {
  partition: number;
  reason: string;
}

/** Of all shards, where there are several. */
export async function resumeHalted({ natsUrl, postgresUrl }: DevFile): Promise<Resumed[]> {
  const log = createLogger('cli', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'cli', log });
  const shards = shardCount(await readShardMap(bus));
  const resumed: Resumed[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const url = shardDatabase(postgresUrl, shard);
    const pool = createHotPool({ url, applicationName: 'cli', max: 1 });
    try {
      resumed.push(...(await pool.query<Resumed>(RESUME)).rows);
    } finally {
      await pool.end();
    }
  }
  return resumed.toSorted((a, b) => a.partition - b.partition);
}

/**
 * Lets partitions go on that halted because a version of the ledger was about to break an
 * invariant. Only for when another version runs: the same one would halt them again. Books that
 * are not right are shown instead, and nothing goes on.
 */
export async function resumeLanes(session: Session): Promise<Report> {
  const { dev } = session;
  if (dev === undefined) throw new Error('partitions are resumed where the platform runs');
  const books = await verifyLedger(session);
  if (books.failed === true) return books;
  const data = await resumeHalted(dev);
  const rows = data.map(({ partition, reason }) => [partition, reason]);
  const table = formatTable(['partition', 'had halted'], rows);
  return { data, text: data.length > 0 ? table : 'no partition stands still for its version' };
}
