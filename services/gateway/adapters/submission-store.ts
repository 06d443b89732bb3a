import { anyOrder, type AnyOrder } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { isTransient, type createHotPool } from '@florin/postgres';
import { claimSubmissions } from '../sql/claim-submissions.ts';
import { deleteOldBulkRequests, deleteOldSubmissions } from '../sql/delete-old-records.ts';
import { findSubmission } from '../sql/find-submission.ts';
import { insertSubmissions } from '../sql/insert-submissions.ts';
import { rememberBulkRequest } from '../sql/remember-bulk-request.ts';
import { resolveSubmissions } from '../sql/resolve-submissions.ts';

/** An order that was promised to its client before the ledger decided it. */
export interface Submission {
  order: AnyOrder;
  requestId: string;
}

/** The gateway's own tables: promises made to clients, and what bulk keys stand for. */
export interface SubmissionStore {
  /** Stores orders durably. Answers the ids whose key had been promised with another body. */
  store(orders: readonly AnyOrder[], requestId: string): Promise<ReadonlySet<string>>;
  find(id: string): Promise<{ order: AnyOrder; createdAt: string } | undefined>;
  /** Hands out orders that are due, to this process alone for a while. */
  claim(countMax: number): Promise<Submission[]>;
  resolve(ids: readonly string[]): Promise<void>;
  deleteOld(): Promise<void>;
  rememberBulk(id: string, fingerprint: string): Promise<'new' | 'same' | 'reused'>;
}

/** Most orders are decided long before; this is when one is worth looking after. */
const FIRST_LOOK_MS = 2_000;

export function createSubmissionStore(pool: ReturnType<typeof createHotPool>): SubmissionStore {
  async function run<Row extends Record<string, unknown>>(
    query: { name: string; text: string },
    values: unknown[],
  ): Promise<Row[]> {
    try {
      return (await pool.query<Row>({ ...query, values })).rows;
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new RetryableError(`the gateway's database did not take ${query.name}`, {
        cause: error,
      });
    }
  }

  return {
    async store(orders, requestId) {
      const rows = await run<{ id: string; bodyHash: string }>(insertSubmissions, [
        orders.map((order) => order.transactionId),
        orders.map((order) => order.bodyHash),
        requestId,
        orders.map((order) => JSON.stringify(order)),
        FIRST_LOOK_MS,
      ]);
      const stored = new Map(rows.map(({ id, bodyHash }) => [id, bodyHash]));
      const reused = orders.filter((order) => stored.get(order.transactionId) !== order.bodyHash);
      return new Set(reused.map((order) => order.transactionId));
    },
    async find(id) {
      const [row] = await run<{ order: unknown; createdAt: Date }>(findSubmission, [id]);
      if (row === undefined) return undefined;
      return {
        order: anyOrder.parse(row.order),
        createdAt: row.createdAt.toISOString(),
      };
    },
    async claim(countMax) {
      const rows = await run<{ requestId: string; order: unknown }>(claimSubmissions, [
        countMax,
        FIRST_LOOK_MS,
      ]);
      return rows.map(({ requestId, order }) => ({
        requestId,
        order: anyOrder.parse(order),
      }));
    },
    async resolve(ids) {
      await run(resolveSubmissions, [ids]);
    },
    async deleteOld() {
      await run(deleteOldSubmissions, []);
      await run(deleteOldBulkRequests, []);
    },
    async rememberBulk(id, fingerprint) {
      const rows = await run<{ fingerprint: string; seenBefore: boolean }>(rememberBulkRequest, [
        id,
        fingerprint,
      ]);
      const [row] = rows;
      if (row?.fingerprint !== fingerprint) return 'reused';
      return row.seenBefore ? 'same' : 'new';
    },
  };
}
