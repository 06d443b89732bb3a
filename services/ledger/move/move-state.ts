import type pg from 'pg';

/** How far the side of a move has come that gives the partition, and the one that gets it. */
export type OutState = 'copying' | 'fenced' | 'left' | 'gone' | 'called-off';
export type InState = 'copying' | 'complete' | 'open' | 'called-off';

export interface MoveRow<State extends string = string> {
  id: string;
  partition: number;
  direction: 'out' | 'in';
  other_shard: number;
  state: State;
  started_at: Date;
  lane: Lane | null;
  fenced_at: Date | null;
  copied_below: string | null;
}

/** A row of `partitions` as it was when the partition was fenced; numbers as JSON has them. */
export interface Lane {
  partition: number;
  epoch: number;
  event_sequence: number;
  published_sequence: number;
}

const COLUMNS = `id, partition, direction, other_shard, state, started_at, lane, fenced_at,
  copied_below::text AS copied_below`;

/** Moves that have not ended here. */
export async function movesUnderWay(pool: pg.Pool): Promise<MoveRow[]> {
  const { rows } = await pool.query<MoveRow>(
    `SELECT ${COLUMNS} FROM partition_moves WHERE ended_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

export async function moveOf<State extends string>(
  pool: pg.Pool,
  id: string,
): Promise<MoveRow<State> | undefined> {
  const { rows } = await pool.query<MoveRow<State>>(
    `SELECT ${COLUMNS} FROM partition_moves WHERE id = $1`,
    [id],
  );
  return rows[0];
}

/** Notes that a move begins, if it isn't known. */
export async function beginMove(
  pool: pg.Pool,
  move: Pick<MoveRow, 'id' | 'partition' | 'direction' | 'other_shard'>,
): Promise<void> {
  await pool.query(
    `INSERT INTO partition_moves (id, partition, direction, other_shard, state)
     VALUES ($1, $2, $3, $4, 'copying') ON CONFLICT (id) DO NOTHING`,
    [move.id, move.partition, move.direction, move.other_shard],
  );
}

export async function setState(
  client: pg.Pool | pg.ClientBase,
  id: string,
  from: string,
  to: string,
): Promise<void> {
  await client.query(
    `UPDATE partition_moves
        SET state = $3, ended_at = CASE WHEN $3 IN ('gone', 'open', 'called-off') THEN now() END
      WHERE id = $1 AND state = $2`,
    [id, from, to],
  );
}
