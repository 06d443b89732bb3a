import type pg from 'pg';
import type { SignedRoot } from '../domain/signed-root.ts';

type Queries = Pick<pg.PoolClient, 'query'>;

export interface StoredRoot extends SignedRoot {
  number: number;
  at: Date;
}

interface RootRow extends SignedRoot {
  number: bigint;
  at: Date;
}

const COLUMNS = 'number, at, document, key_id AS "keyId", signature';
const fromRow = (row: RootRow): StoredRoot => ({ ...row, number: Number(row.number) });

async function one(client: Queries, where: string, values: unknown[]) {
  const text = `SELECT ${COLUMNS} FROM roots ${where} LIMIT 1`;
  const { rows } = await client.query<RootRow>(text, values);
  return rows[0] && fromRow(rows[0]);
}

export const lastRoot = (client: Queries): Promise<StoredRoot | undefined> =>
  one(client, 'ORDER BY number DESC', []);

export const rootNumber = (client: Queries, number: number): Promise<StoredRoot | undefined> =>
  one(client, 'WHERE number = $1', [number]);

/** The last root that was signed by then. */
export const rootAt = (client: Queries, at: Date): Promise<StoredRoot | undefined> =>
  one(client, 'WHERE at <= $1 ORDER BY number DESC', [at]);

export async function rootsAfter(
  client: Queries,
  number: number,
  limit: number,
): Promise<StoredRoot[]> {
  const text = `SELECT ${COLUMNS} FROM roots WHERE number > $1 ORDER BY number LIMIT $2`;
  const { rows } = await client.query<RootRow>({ name: 'roots', text, values: [number, limit] });
  return rows.map(fromRow);
}

/** False when somebody else has signed a root of this number. */
export async function insertRoot(client: Queries, root: StoredRoot): Promise<boolean> {
  const { number, at, document, keyId, signature } = root;
  const { rowCount } = await client.query(
    `INSERT INTO roots (number, at, document, key_id, signature) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [number, at, document, keyId, signature],
  );
  return rowCount === 1;
}

/** Seconds since the last root, or since the first record, where records came after it; else 0. */
export async function unsignedSeconds(client: Queries): Promise<number> {
  const { rows } = await client.query<{ seconds: number }>(
    `SELECT extract(epoch FROM now() - coalesce(r.at, (SELECT min(at) FROM records)))::float8
            AS seconds
       FROM (SELECT sum(place) AS records FROM chains) AS log
       LEFT JOIN LATERAL (SELECT at, (document::json ->> 'records')::bigint AS records
                            FROM roots ORDER BY number DESC LIMIT 1) AS r ON true
      WHERE log.records > coalesce(r.records, 0)`,
  );
  return Math.max(0, rows[0]?.seconds ?? 0);
}
