import {
  currency,
  PAYMENT_REQUEST_STATUSES,
  transferOrder,
  type PaymentRequestStatus,
} from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  requesterId: z.string(),
  payerId: z.string().nullable(),
  sealedEmail: z.instanceof(Buffer).nullable(),
  fingerprint: z.string(),
  toWalletId: z.string(),
  amount: z.bigint(),
  currency,
  description: z.string().nullable(),
  status: z.enum(PAYMENT_REQUEST_STATUSES),
  attempt: z.number(),
  transactionId: z.string().nullable(),
  failureCode: z.string().nullable(),
  expiresAt: z.date(),
  createdAt: z.date(),
});
export type PaymentRequestRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, requester_id AS "requesterId", payer_id AS "payerId", sealed_email AS "sealedEmail",
  fingerprint, to_wallet_id AS "toWalletId", amount, currency, description, status, attempt,
  transaction_id AS "transactionId", failure_code AS "failureCode", expires_at AS "expiresAt",
  created_at AS "createdAt"`;

const nothing = z.object({});

/** Requests of one person are counted one after the other. */
export const lockRequester = (db: Queries, requesterId: string) =>
  db.query(sql.type(z.object({ done: z.unknown() }))`
    SELECT pg_advisory_xact_lock(hashtextextended(${requesterId}, 0)) AS done`);

const counts = z.object({ open: z.number(), ofPair: z.number(), lately: z.number() });

/** How many somebody has asked: open ones, open ones of the same payer, and since a moment. */
export const countRequests = (
  db: Queries,
  { requesterId, payerKey, since }: { requesterId: string; payerKey: string; since: Date },
) =>
  db.one(sql.type(counts)`
    SELECT count(*) FILTER (WHERE status IN ('open', 'processing'))::int AS open,
           count(*) FILTER (WHERE status IN ('open', 'processing')
                              AND payer_key = ${payerKey})::int AS "ofPair",
           count(*) FILTER (WHERE created_at > ${sql.timestamp(since)})::int AS lately
      FROM payment_requests WHERE requester_id = ${requesterId}
       AND (status IN ('open', 'processing') OR created_at > ${sql.timestamp(since)})`);

export interface NewPaymentRequest {
  id: string;
  requesterId: string;
  payerId: string | null;
  payerKey: string;
  sealedEmail: Buffer;
  fingerprint: string;
  toWalletId: string;
  amount: string;
  currency: string;
  description: string | null;
  expiresAt: Date;
  createdAt: Date;
}

export const insertPaymentRequest = (db: Queries, made: NewPaymentRequest) =>
  db.one(sql.type(row)`
    INSERT INTO payment_requests (id, requester_id, payer_id, payer_key, sealed_email, fingerprint,
                                  to_wallet_id, amount, currency, description, status, due_at,
                                  expires_at, created_at)
    VALUES (${made.id}, ${made.requesterId}, ${made.payerId}, ${made.payerKey},
            ${sql.binary(made.sealedEmail)}, ${made.fingerprint}, ${made.toWalletId},
            ${made.amount}::bigint, ${made.currency}, ${made.description}, 'open',
            ${sql.timestamp(made.expiresAt)}, ${sql.timestamp(made.expiresAt)},
            ${sql.timestamp(made.createdAt)})
    RETURNING ${columns}`);

/** Whoever may see it: its two sides, and machine clients. */
const seenBy = (userId: string | null) =>
  userId === null
    ? sql.fragment``
    : sql.fragment`AND (requester_id = ${userId} OR payer_id = ${userId})`;

export const findPaymentRequest = (db: Queries, id: string, userId: string | null) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM payment_requests WHERE id = ${id} ${seenBy(userId)}`);

export const lockPaymentRequest = (db: Queries, id: string) =>
  db.maybeOne(sql.type(row)`SELECT ${columns} FROM payment_requests WHERE id = ${id} FOR UPDATE`);

export const listPaymentRequests = (
  db: Queries,
  query: {
    userId: string | null;
    direction: 'incoming' | 'outgoing';
    status?: PaymentRequestStatus | undefined;
    limit: number;
  },
  before: PagePosition | undefined,
) => {
  const { userId, direction, status, limit } = query;
  const side = direction === 'incoming' ? sql.fragment`payer_id` : sql.fragment`requester_id`;
  return db.any(sql.type(row)`
    SELECT ${columns} FROM payment_requests
     WHERE (created_at, id) < ${placeOf(before)}
       ${userId === null ? sql.fragment`` : sql.fragment`AND ${side} = ${userId}`}
       ${status === undefined ? sql.fragment`` : sql.fragment`AND status = ${status}`}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
};

const attemptRow = z.object({ orderBody: transferOrder });

export const findAttempt = (
  db: Queries,
  { requestId, clientId, key }: { requestId: string; clientId: string; key: string },
) =>
  db.maybeOne(sql.type(attemptRow)`
    SELECT order_body AS "orderBody" FROM payment_request_attempts
     WHERE request_id = ${requestId} AND client_id = ${clientId} AND key = ${key}`);

/** A try to pay it begins: nobody else may try until it is decided. */
export async function beginAttempt(
  db: Queries,
  begun: {
    requestId: string;
    attempt: number;
    clientId: string;
    key: string;
    order: { transactionId: string };
    dueAt: Date;
  },
): Promise<void> {
  const { requestId, attempt, clientId, key, order, dueAt } = begun;
  await db.query(sql.type(nothing)`
    INSERT INTO payment_request_attempts (request_id, attempt, client_id, key, order_body)
    VALUES (${requestId}, ${attempt}, ${clientId}, ${key}, ${JSON.stringify(order)}::jsonb)`);
  await db.query(sql.type(nothing)`
    UPDATE payment_requests
       SET status = 'processing', attempt = ${attempt}, transaction_id = ${order.transactionId},
           failure_code = NULL, due_at = ${sql.timestamp(dueAt)}
     WHERE id = ${requestId}`);
}

export const setRequestStatus = (
  db: Queries,
  id: string,
  status: PaymentRequestStatus,
  failureCode: string | null = null,
) =>
  db.one(sql.type(row)`
    UPDATE payment_requests SET status = ${status}, failure_code = ${failureCode}
     WHERE id = ${id} RETURNING ${columns}`);

/** Those that these transactions were to pay; nobody changes them meanwhile. */
export const lockPaidRequests = (db: Queries, transactionIds: readonly string[]) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM payment_requests
     WHERE transaction_id = ANY(${sql.array(transactionIds, 'uuid')})
     ORDER BY id FOR UPDATE`);

/** Open ones whose time is over. */
export const takeExpired = (db: Queries, now: Date, limit: number) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM payment_requests
     WHERE status = 'open' AND expires_at <= ${sql.timestamp(now)}
     ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

/** Orders that were not decided for a while, taken until a moment. */
export const claimUndecided = (
  db: Queries,
  { now, until, limit }: { now: Date; until: Date; limit: number },
) =>
  db.any(sql.type(attemptRow)`
    WITH due AS (
      SELECT id FROM payment_requests
       WHERE status = 'processing' AND due_at <= ${sql.timestamp(now)}
       ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE payment_requests r SET due_at = ${sql.timestamp(until)}
      FROM due, payment_request_attempts a
     WHERE r.id = due.id AND a.request_id = r.id AND a.attempt = r.attempt
    RETURNING a.order_body AS "orderBody"`);

/** What somebody asked for ends, and what they were asked; nothing that they wrote stays. */
export async function forgetRequests(db: Queries, userId: string): Promise<void> {
  await db.query(sql.type(nothing)`
    UPDATE payment_requests
       SET status = CASE WHEN status = 'open' THEN 'cancelled' ELSE status END,
           description = NULL, sealed_email = NULL
     WHERE requester_id = ${userId}`);
  await db.query(sql.type(nothing)`
    UPDATE payment_requests
       SET status = CASE WHEN status = 'open' THEN 'declined' ELSE status END,
           sealed_email = NULL
     WHERE payer_id = ${userId}`);
}
