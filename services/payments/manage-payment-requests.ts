import { createHmac } from 'node:crypto';
import type { PAYMENT_REQUEST_REQUESTS, PaymentRequest } from '@florin/contracts';
import { assert, type Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { seal, SEALING_KEY_BYTES, unseal } from '@florin/runtime';
import { requestTransactionId, transferOrder } from './domain/payment-order.ts';
import { announceRequest } from './announce-request.ts';
import {
  beginAttempt,
  countRequests,
  findAttempt,
  findPaymentRequest,
  insertPaymentRequest,
  listPaymentRequests,
  lockPaymentRequest,
  lockRequester,
  setRequestStatus,
  type PaymentRequestRow,
} from './sql/payment-requests.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase as UseCaseOf } from './use-case.ts';

type UseCase<Name extends keyof typeof PAYMENT_REQUEST_REQUESTS> = UseCaseOf<
  typeof PAYMENT_REQUEST_REQUESTS,
  Name
>;

export interface RequestLimits {
  /** Open at the same time, of one requester. */
  openMax: number;
  /** Of them to the same e-mail. */
  openPerPayerMax: number;
  perDayMax: number;
}

interface ManageDeps {
  db: Database['slonik'];
  clock: Clock;
  /** Seals e-mails, and counts by them. */
  key: Buffer;
  limits: RequestLimits;
  /** How long the gateway has to bring an order to its lane before we do. */
  claimMs: number;
  /** Settles it when the ledger has decided and we have not heard of it yet. */
  lookUp(transactionId: string): Promise<void>;
  /** Somebody is to be told of something. */
  onTold(): void;
}

const DAY_MS = 86_400_000;
const labelOf = (id: string): string => `payment-request:${id}`;

const refused = <Code extends string>(code: Code, detail: string) => ({ refused: code, detail });
const settled = (detail: string) => refused('settled', detail);

/** What two people do with a request between them. For everybody else it does not exist. */
export function createPaymentRequestUseCases(deps: ManageDeps) {
  const { db, clock, key, limits, claimMs, lookUp, onTold } = deps;
  assert(key.length === SEALING_KEY_BYTES, `the sealing key needs ${SEALING_KEY_BYTES} bytes`);

  const payerKeyOf = (email: string): string =>
    createHmac('sha256', key).update(`payer\n${email}`).digest('base64url');

  function view(row: PaymentRequestRow): PaymentRequest {
    const { id, sealedEmail, transactionId, failureCode, status } = row;
    return {
      id,
      requesterId: row.requesterId,
      payerId: row.payerId,
      fromEmail: sealedEmail && unseal(key, labelOf(id), sealedEmail).toString(),
      toWalletId: row.toWalletId,
      amount: row.amount.toString(),
      currency: row.currency,
      ...(row.description !== null && { description: row.description }),
      status,
      ...(transactionId !== null &&
        (status === 'processing' || status === 'accepted') && { transactionId }),
      ...(transactionId !== null &&
        failureCode !== null && { lastFailure: { transactionId, code: failureCode } }),
      expiresAt: row.expiresAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
    };
  }

  async function tooMany(tx: Queries, requesterId: string, payerKey: string) {
    const since = new Date(clock.nowMs() - DAY_MS);
    const { open, ofPair, lately } = await countRequests(tx, { requesterId, payerKey, since });
    if (open >= limits.openMax) return `at most ${limits.openMax} requests may be open`;
    if (ofPair >= limits.openPerPayerMax) {
      return `at most ${limits.openPerPayerMax} requests to one e-mail may be open`;
    }
    if (lately >= limits.perDayMax) return `at most ${limits.perDayMax} requests a day`;
    return undefined;
  }

  const createPaymentRequest: UseCase<'createPaymentRequest'> = async (asked) => {
    const nowMs = clock.nowMs();
    const { id, requesterId, fromEmail } = asked;
    const payerKey = payerKeyOf(fromEmail);
    const made = await db.transaction(async (tx) => {
      await lockRequester(tx, requesterId);
      const known = await findPaymentRequest(tx, id, null);
      if (known !== null) {
        if (known.fingerprint !== asked.fingerprint) {
          return refused('key-reused', 'the key stands for another request');
        }
        return { request: view(known), replayed: true };
      }
      const detail = await tooMany(tx, requesterId, payerKey);
      if (detail !== undefined) return refused('too-many', detail);
      const request = await insertPaymentRequest(tx, {
        ...asked,
        payerKey,
        sealedEmail: seal(key, labelOf(id), Buffer.from(fromEmail)),
        description: asked.description ?? null,
        expiresAt: new Date(nowMs + asked.expiresInSeconds * 1000),
        createdAt: new Date(nowMs),
      });
      await announceRequest(tx, 'payment-request-received', request, nowMs);
      return { request: view(request), replayed: false };
    });
    onTold();
    return made;
  };

  const getPaymentRequest: UseCase<'getPaymentRequest'> = async ({ id, userId }) => {
    const found = await findPaymentRequest(db, id, userId);
    if (found?.status !== 'processing' || found.transactionId === null) {
      return { request: found && view(found) };
    }
    await lookUp(found.transactionId);
    const now = await findPaymentRequest(db, id, userId);
    return { request: now && view(now) };
  };

  const list: UseCase<'listPaymentRequests'> = async ({ cursor, limit, ...query }) => {
    const rows = await listPaymentRequests(db, { ...query, limit: limit + 1 }, readCursor(cursor));
    return pageOfRows(rows, limit, view);
  };

  const acceptPaymentRequest: UseCase<'acceptPaymentRequest'> = (asked) =>
    db.transaction(async (tx) => {
      const request = await lockPaymentRequest(tx, asked.id);
      if (request === null || request.payerId !== asked.payerId) return { order: null };
      const { key: text, clientId, fromWalletId } = asked;
      const attempt = { requestId: request.id, clientId, key: text };
      const before = await findAttempt(tx, attempt);
      if (before !== null) {
        const { orderBody: order } = before;
        if (order.walletId === fromWalletId) return { order };
        return refused('key-reused', 'the key stands for another wallet');
      }
      if (request.status === 'processing') return settled('a payment for it is under way');
      if (request.status !== 'open') return settled(`the request is ${request.status}`);
      if (request.expiresAt.getTime() <= clock.nowMs()) return settled('the request has expired');
      const order = orderOf(request, asked);
      const dueAt = new Date(clock.nowMs() + claimMs);
      await beginAttempt(tx, { ...attempt, attempt: request.attempt + 1, order, dueAt });
      return { order };
    });

  function orderOf(
    { id, attempt, createdAt, ...request }: PaymentRequestRow,
    { clientId, fromWalletId }: { clientId: string; fromWalletId: string },
  ) {
    return transferOrder({
      transactionId: requestTransactionId(id, attempt + 1, createdAt.getTime()),
      clientId,
      walletId: fromWalletId,
      counterpartyWalletId: request.toWalletId,
      amount: request.amount.toString(),
      currency: request.currency,
      ...(request.description !== null && { description: request.description }),
      metadata: { paymentRequestId: id },
    });
  }

  /** By one of its sides, while nobody has decided otherwise. The same again changes nothing. */
  async function end(
    { id, userId }: { id: string; userId: string | null },
    to: 'declined' | 'cancelled',
  ) {
    const answer = await db.transaction(async (tx) => {
      const request = await lockPaymentRequest(tx, id);
      if (request === null) return { request: null };
      const side = to === 'declined' ? request.payerId : request.requesterId;
      if (userId !== null && side !== userId) return { request: null };
      if (request.status === to) return { request: view(request) };
      if (request.status !== 'open') return settled(`the request is ${request.status}`);
      const ended = await setRequestStatus(tx, id, to);
      await announceRequest(tx, `payment-request-${to}`, ended, clock.nowMs());
      return { request: view(ended) };
    });
    onTold();
    return answer;
  }

  const declinePaymentRequest: UseCase<'declinePaymentRequest'> = (asked) => end(asked, 'declined');
  const cancelPaymentRequest: UseCase<'cancelPaymentRequest'> = (asked) => end(asked, 'cancelled');

  return {
    createPaymentRequest,
    getPaymentRequest,
    listPaymentRequests: list,
    acceptPaymentRequest,
    declinePaymentRequest,
    cancelPaymentRequest,
  };
}
