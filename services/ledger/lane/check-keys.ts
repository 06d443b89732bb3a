import { pollWork, type Logger, type PolledWork } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import {
  beginKeyChecks,
  findUncheckedKeys,
  noteKeysChecked,
  writeReusedKeys,
  type UncheckedKeyRow,
} from '../sql/keys.ts';
import { askInParts, type AskShard } from './keys-elsewhere.ts';

const LOOK_MS = 1000;
const LOOKED_UP = 250;

/**
 * Looks up in the other shards what was committed here. Of two that have decided about the same key
 * at once, whoever committed last finds the other one here: so no reused key stays unknown, and
 * reconciliation tells of it until the end of the books. A shard that is away is waited for.
 */
export function startCheckKeys(options: {
  pool: pg.Pool;
  others(): readonly number[];
  ask: AskShard;
  /** The partitions that are ours at the moment. */
  partitions(): Iterable<number>;
  log: Logger;
}): PolledWork {
  const { pool, others, ask, log } = options;

  async function doSome(): Promise<boolean> {
    await pool.query(beginKeyChecks);
    const { rows } = await pool.query<UncheckedKeyRow>(findUncheckedKeys, [
      plainArray([...options.partitions()]),
      LOOKED_UP,
    ]);
    if (rows.length === 0) return false;
    const ids = rows.map(({ id }) => id);
    const told = await Promise.all(
      others().map(async (shard) =>
        (await askInParts(ask, shard, ids)).map((id) => ({ id, shard })),
      ),
    );
    const reused = told.flat();
    if (reused.length > 0) {
      log.error({ reused: reused.slice(0, 10) }, 'a key stands for payments in two shards');
      await pool.query(writeReusedKeys, [
        plainArray(reused.map(({ id }) => id)),
        plainArray(reused.map(({ shard }) => shard)),
      ]);
    }
    const last = new Map(rows.map((row) => [row.partition, row.event_sequence]));
    for (const { partition, event_sequence: sequence } of rows) {
      if (sequence > (last.get(partition) ?? 0n)) last.set(partition, sequence);
    }
    await pool.query(noteKeysChecked, [
      plainArray([...last.keys()]),
      plainArray([...last.values()]),
    ]);
    return rows.length >= LOOKED_UP;
  }

  return pollWork({ name: 'looking keys up in other shards', everyMs: LOOK_MS, log, doSome });
}
