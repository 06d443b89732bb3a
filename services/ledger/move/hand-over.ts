import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { setState } from './move-state.ts';

/**
 * Every posting locks rows of `partitions` first. Whoever has locked all of them waits for the
 * postings under way, and no other begins: what is written then, each later posting knows.
 */
const lockAll = 'SELECT FROM partitions ORDER BY partition FOR UPDATE';
const newVersion = `
  UPDATE partitions SET books_version = (SELECT nextval('books_versions'))`;

/** Postings wait for us as we for them: rather try again than keep them. */
const patience = "SET LOCAL lock_timeout = '10s'";

/**
 * From here on nobody decides about the partition: its row, which a posting must lock, is kept with
 * the move. All other lanes go on, and know that its wallets are elsewhere.
 */
export const fence = (source: pg.Pool, move: { id: string; partition: number }): Promise<void> =>
  withHotTransaction(source, async (client) => {
    await client.query(patience);
    await client.query(lockAll);
    const { rowCount } = await client.query(
      `UPDATE partition_moves m
          SET state = 'fenced', fenced_at = clock_timestamp(), lane = to_jsonb(p)
         FROM partitions p
        WHERE m.id = $1 AND m.state = 'copying' AND p.partition = m.partition`,
      [move.id],
    );
    if (rowCount === 0) return;
    await client.query('DELETE FROM partitions WHERE partition = $1', [move.partition]);
    await client.query(newVersion);
  });

/** The row is taken out of a move and put among those that can be owned. */
const putIn = `
  INSERT INTO partitions
  SELECT kept.* FROM jsonb_populate_record(NULL::partitions, $1::jsonb) AS kept`;

const rowOf = (lane: object): string => {
  const { epoch } = lane as { epoch: number };
  // Nobody who ever owned it owns it still.
  return JSON.stringify({ ...lane, owner: null, epoch: epoch + 1 });
};

/** From here on the target decides about the partition: whoever owns it reads on where it stood. */
export const open = (target: pg.Pool, id: string, lane: object): Promise<void> =>
  withHotTransaction(target, async (client) => {
    await client.query(patience);
    await client.query(lockAll);
    const { rowCount } = await client.query(
      `SELECT FROM partition_moves WHERE id = $1 AND state = 'complete' FOR UPDATE`,
      [id],
    );
    if (rowCount === 0) return;
    await client.query(putIn, [rowOf(lane)]);
    await client.query(newVersion);
    await setState(client, id, 'complete', 'open');
  });

/** As if nothing had been: the source decides again about what it had fenced. */
export const takeBack = (source: pg.Pool, id: string): Promise<void> =>
  withHotTransaction(source, async (client) => {
    await client.query(patience);
    await client.query(lockAll);
    const { rows } = await client.query<{ state: string; lane: object | null }>(
      'SELECT state, lane FROM partition_moves WHERE id = $1 FOR UPDATE',
      [id],
    );
    const { state = '', lane = null } = rows[0] ?? {};
    if (state !== 'copying' && state !== 'fenced') return;
    if (lane !== null) {
      await client.query(putIn, [rowOf(lane)]);
      await client.query(newVersion);
    }
    await setState(client, id, state, 'called-off');
  });
