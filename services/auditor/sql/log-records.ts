import type pg from 'pg';
import type { AuditRecord } from '../domain/audit-record.ts';
import { emptyChain, type ChainHead, type NewEvent } from '../domain/extend-chain.ts';

interface HeadRow {
  chain: string;
  place: bigint;
  sourceSequence: bigint;
  hash: Buffer;
}

export const headFromRow = ({ chain, place, sourceSequence, hash }: HeadRow): ChainHead => ({
  chain,
  place: Number(place),
  sourceSequence: Number(sourceSequence),
  hash,
});

const selectHeads = `
  SELECT chain, place, source_sequence AS "sourceSequence", hash FROM chains`;

/** The ends of all chains, as of one moment. */
export async function readHeads(client: pg.Pool | pg.PoolClient): Promise<ChainHead[]> {
  const { rows } = await client.query<HeadRow>({ name: 'heads', text: selectHeads });
  return rows.map(headFromRow);
}

/** The ends of these chains, which begin where there are none. */
export async function headsOf(
  client: pg.PoolClient,
  chains: readonly string[],
): Promise<ChainHead[]> {
  const text = `${selectHeads} WHERE chain = ANY($1::text[])`;
  const { rows } = await client.query<HeadRow>({ name: 'heads-of', text, values: [chains] });
  const known = new Map(rows.map((row) => [row.chain, headFromRow(row)]));
  return chains.map((chain) => known.get(chain) ?? emptyChain(chain));
}

const selectKnown = `
  SELECT r.chain, r.event_id AS "eventId", r.body
    FROM unnest($1::text[], $2::text[]) AS wanted (chain, event_id)
    JOIN records r ON r.chain = wanted.chain AND r.event_id = wanted.event_id`;

/** Chain → id → body, of those events that are written down already. */
export async function knownEvents(
  client: pg.PoolClient,
  events: readonly NewEvent[],
): Promise<Map<string, Map<string, string>>> {
  const { rows } = await client.query<{ chain: string; eventId: string; body: string }>({
    name: 'known-events',
    text: selectKnown,
    values: [events.map(({ chain }) => chain), events.map(({ eventId }) => eventId)],
  });
  const known = new Map<string, Map<string, string>>();
  for (const { chain, eventId, body } of rows) {
    const ofChain = known.get(chain) ?? new Map<string, string>();
    known.set(chain, ofChain.set(eventId, body));
  }
  return known;
}

const insertRecordsSql = `
  INSERT INTO records (chain, place, event_id, type, actor, transaction_id, at, body, hash)
  SELECT chain, place, event_id, type, actor, transaction_id, at, body, decode(hash, 'hex')
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::uuid[],
                $7::timestamptz[], $8::text[], $9::text[])
      AS r (chain, place, event_id, type, actor, transaction_id, at, body, hash)`;

const moveHeadsSql = `
  INSERT INTO chains (chain, place, source_sequence, hash)
  SELECT chain, place, source_sequence, decode(hash, 'hex')
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[])
      AS c (chain, place, source_sequence, hash)
  ON CONFLICT (chain) DO UPDATE SET
    place = excluded.place, source_sequence = excluded.source_sequence, hash = excluded.hash`;

/** Appends links, and moves the ends of their chains. */
export async function appendRecords(
  client: pg.PoolClient,
  records: readonly AuditRecord[],
  heads: readonly ChainHead[],
): Promise<void> {
  if (records.length === 0) return;
  await client.query({
    name: 'append-records',
    text: insertRecordsSql,
    values: [
      records.map(({ chain }) => chain),
      records.map(({ place }) => place),
      records.map(({ eventId }) => eventId),
      records.map(({ type }) => type),
      records.map(({ actor }) => actor),
      records.map(({ transactionId }) => transactionId),
      records.map(({ at }) => at.toISOString()),
      records.map(({ body }) => body),
      records.map(({ hash }) => hash.toString('hex')),
    ],
  });
  await client.query({
    name: 'move-heads',
    text: moveHeadsSql,
    values: [
      heads.map(({ chain }) => chain),
      heads.map(({ place }) => place),
      heads.map(({ sourceSequence }) => sourceSequence),
      heads.map(({ hash }) => hash.toString('hex')),
    ],
  });
}
