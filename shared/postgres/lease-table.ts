import { assert } from '@florin/kernel';
import type pg from 'pg';
import type { Survey, SurveyedPartition } from './lease-plan.ts';

/**
 * The SQL of the leases. It needs two tables, made by the migrations of the service that owns
 * partitions:
 *
 *   partitions (partition int PRIMARY KEY, epoch bigint NOT NULL DEFAULT 0, owner text, …)
 *   lease_members (owner text PRIMARY KEY, seen_at timestamptz NOT NULL)
 *
 * A lease is kept alive per owner, in lease_members, not per partition: a service that updates the
 * row of its partition in every posting holds that row's lock most of the time, and a renewal there
 * would wait behind its own postings. For the same reason taking a partition skips locked rows.
 */
export interface LeaseTable {
  /** Says that this owner is alive. */
  beat(): Promise<void>;
  survey(): Promise<Survey>;
  /** Takes up to `wanted` of the free ones, those that changed since the survey excepted. */
  acquire(free: readonly { partition: number; epoch: bigint }[], wanted: number): Promise<Taken[]>;
  /** Gives one partition back, if it still is this owner's at that epoch. */
  release(partition: number, epoch: bigint): Promise<void>;
  /** Gives everything back and leaves the members: nobody sees the one without the other. */
  leave(): Promise<void>;
}

export type Taken = { partition: number; epoch: bigint };

/** A member unseen for so many lease times is forgotten; it joins again by its next beat. */
const FORGET_AFTER_LEASES = 20;

const aliveSince = `now() - $1 * interval '1 millisecond'`;

const beatSql = `
  WITH forgotten AS (
    DELETE FROM lease_members WHERE seen_at < ${aliveSince} AND owner <> $2
  )
  INSERT INTO lease_members (owner, seen_at) VALUES ($2, now())
  ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at`;

const surveySql = (table: string): string => `
  WITH alive AS (SELECT owner FROM lease_members WHERE seen_at > ${aliveSince})
  SELECT partition, epoch, p.owner, a.owner IS NOT NULL AS alive,
         (SELECT count(*)::int FROM alive) AS members
    FROM ${table} p LEFT JOIN alive a ON a.owner = p.owner
   ORDER BY partition`;

// The epoch of the survey is compared again once a row is locked, so of two keepers that saw the
// same free partition exactly one gets it.
const acquireSql = (table: string): string => `
  WITH taken AS (
    SELECT partition FROM ${table} p
      JOIN unnest($2::int[], $3::bigint[]) AS free (partition, epoch) USING (partition, epoch)
     ORDER BY partition LIMIT $4
       FOR UPDATE OF p SKIP LOCKED
  )
  UPDATE ${table} p SET owner = $1, epoch = p.epoch + 1
    FROM taken WHERE p.partition = taken.partition
  RETURNING p.partition, p.epoch`;

const releaseSql = (table: string): string => `
  UPDATE ${table} SET owner = NULL WHERE partition = $1 AND owner = $2 AND epoch = $3`;

const leaveSql = (table: string): string => `
  WITH left_members AS (DELETE FROM lease_members WHERE owner = $1)
  UPDATE ${table} SET owner = NULL WHERE owner = $1`;

/** @param table the partitions table, a plain lower-case name */
export function createLeaseTable(
  pool: pg.Pool,
  table: string,
  owner: string,
  leaseMs: number,
): LeaseTable {
  assert(/^[a-z_]+$/.test(table), `not a table name: ${table}`);
  // An answer that takes half the lease is as good as none: give up and ask on a new connection.
  const query_timeout = leaseMs / 2;
  const run = <R extends pg.QueryResultRow>(step: string, text: string, values: unknown[]) => {
    const query = { name: `lease-${step}-${table}`, text, values, query_timeout };
    return pool.query<R>(query);
  };
  return {
    async beat() {
      await run('beat', beatSql, [leaseMs * FORGET_AFTER_LEASES, owner]);
    },
    async survey() {
      type Row = SurveyedPartition & { members: number };
      const { rows } = await run<Row>('survey', surveySql(table), [leaseMs]);
      return { members: rows[0]?.members ?? 0, partitions: rows };
    },
    async acquire(free, wanted) {
      const partitions = free.map(({ partition }) => partition);
      const epochs = free.map(({ epoch }) => epoch);
      const values = [owner, partitions, epochs, wanted];
      return (await run<Taken>('acquire', acquireSql(table), values)).rows;
    },
    async release(partition, epoch) {
      await run('release', releaseSql(table), [partition, owner, epoch]);
    },
    async leave() {
      await run('leave', leaveSql(table), [owner]);
    },
  };
}
