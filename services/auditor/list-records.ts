import type { AuditRecordView } from '@florin/contracts';
import type pg from 'pg';

export interface RecordQuery {
  type?: string | undefined;
  actor?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

interface Row {
  chain: string;
  place: bigint;
  type: string;
  actor: string | null;
  transactionId: string | null;
  /** As the database has it: to the microsecond. */
  atText: string;
  at: Date;
  body: string;
  hash: Buffer;
}

const CURSOR = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00)~([a-z0-9-]{1,40})~(\d{1,18})$/;

/** Where a page ended; undefined for the first page, and for what is no cursor of ours. */
function readCursor(cursor: string | undefined): string[] | undefined {
  const found = CURSOR.exec(Buffer.from(cursor ?? '', 'base64url').toString());
  return found?.slice(1);
}

const writeCursor = ({ atText, chain, place }: Row): string =>
  Buffer.from(`${atText}~${chain}~${place}`).toString('base64url');

const viewOf = ({ chain, place, type, actor, transactionId, at, body, hash }: Row) => ({
  chain,
  place: Number(place),
  type,
  ...(actor !== null && { actor }),
  ...(transactionId !== null && { transactionId }),
  at: at.toISOString(),
  event: JSON.parse(body) as unknown,
  hash: hash.toString('hex'),
});

/** Pages of the log, newest first. */
export async function listRecords(
  pool: pg.Pool,
  { type, actor, cursor, limit }: RecordQuery,
): Promise<{ items: AuditRecordView[]; nextCursor: string | null }> {
  const before = readCursor(cursor);
  const values: unknown[] = [limit + 1];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    ...(type === undefined ? [] : [`type = ${bind(type)}`]),
    ...(actor === undefined ? [] : [`actor = ${bind(actor)}`]),
    ...(before === undefined
      ? []
      : [
          `(at, chain, place) < (${bind(before[0])}::timestamptz, ${bind(before[1])}, ` +
            `${bind(before[2])}::bigint)`,
        ]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const { rows } = await pool.query<Row>(
    `SELECT chain, place, type, actor, transaction_id AS "transactionId", at,
            (at AT TIME ZONE 'UTC')::text || '+00' AS "atText", body, hash
       FROM records ${where} ORDER BY at DESC, chain DESC, place DESC LIMIT $1`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(viewOf), nextCursor: last ? writeCursor(last) : null };
}
