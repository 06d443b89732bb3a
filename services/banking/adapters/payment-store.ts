import { RetryableError } from '@florin/kernel';
import { createGroupWriter, isTransient, type Database } from '@florin/postgres';
import type { AnswerType, Advance } from '../domain/apply-answer.ts';
import type { Payment, PaymentState } from '../domain/payment.ts';
import { claimForBank } from '../sql/claim-for-bank.ts';
import { claimForLedger } from '../sql/claim-for-ledger.ts';
import { claimedRow, type ClaimedPayment } from '../sql/claimed-row.ts';
import { countOpenPayments } from '../sql/count-open-payments.ts';
import { insertPayments } from '../sql/insert-payments.ts';
import { saveProgress } from '../sql/save-progress.ts';

const GROUP_MAX = 500;

/** How much more work a process can take on for a bank. */
export interface BankRoom {
  readonly bank: string;
  readonly room: number;
  readonly callable: boolean;
}

export interface Change {
  readonly payment: ClaimedPayment;
  readonly answer: AnswerType;
  readonly advance: Advance;
  /** The writer goes on with it: the claim is renewed instead of ending at `advance.dueInMs`. */
  readonly keepClaim: boolean;
}

/** The payments in Postgres. Every method may fail with a transient fault and be called again. */
export interface PaymentStore {
  /** Answers how many were new. @throws RetryableError while the database is away */
  open(payments: readonly Payment[]): Promise<number>;
  claimForBanks(rooms: readonly BankRoom[]): Promise<ClaimedPayment[]>;
  claimForLedger(room: number): Promise<ClaimedPayment[]>;
  /** Undefined when the claim was lost: another process has this payment now. */
  save(change: Change): Promise<ClaimedPayment | undefined>;
  countOpen(): Promise<{ state: PaymentState | 'awaited'; open: number }[]>;
}

interface StoreOptions {
  pool: Database['hot'];
  /** Names this process in claims and in the history. */
  worker: string;
  /** Longer than any single step takes, or two processes do the same work. */
  claimMs: number;
}

/** An outage of the database must never count against the work it has interrupted. */
function retryableIfTransient(error: unknown): never {
  if (!isTransient(error)) throw error;
  throw new RetryableError('the payments can not be stored now', { cause: error });
}

const timeOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

async function insertAll(pool: Database['hot'], payments: readonly Payment[]): Promise<number> {
  const column = <T>(pick: (payment: Payment) => T): T[] => payments.map(pick);
  const values = [
    column((p) => p.transactionId),
    column((p) => p.kind),
    column((p) => p.bank),
    column((p) => p.account),
    column((p) => p.amount),
    column((p) => p.currency),
    column((p) => p.walletId),
    column((p) => p.state),
    column((p) => timeOf(p.deadlineAtMs)),
    column((p) => p.failureCode),
    column((p) => p.traceparent),
  ];
  const { rowCount } = await pool.query({ ...insertPayments, values });
  return rowCount ?? 0;
}

async function saveAll(
  changes: readonly Change[],
  { pool, worker, claimMs }: StoreOptions,
): Promise<(ClaimedPayment | undefined)[]> {
  const column = <T>(pick: (change: Change) => T): T[] => changes.map(pick);
  const values = [
    column((c) => c.payment.transactionId),
    column((c) => c.payment.version),
    column((c) => c.advance.progress.state),
    column((c) => c.advance.progress.attempts),
    column((c) => c.advance.progress.rounds),
    column((c) => timeOf(c.advance.progress.exposedAtMs)),
    column((c) => c.advance.progress.failureCode),
    column((c) => c.advance.progress.bankReference),
    column((c) => c.advance.progress.announced),
    column((c) => (c.keepClaim ? claimMs : c.advance.dueInMs)),
    column((c) => c.payment.state),
    column((c) => c.answer),
    worker,
  ];
  const { rows } = await pool.query<{ transaction_id: string }>({ ...saveProgress, values });
  const written = new Set(rows.map((row) => row.transaction_id));
  return changes.map(({ payment, advance }) =>
    written.has(payment.transactionId)
      ? { ...payment, ...advance.progress, version: payment.version + 1 }
      : undefined,
  );
}

export function createPaymentStore(options: StoreOptions): PaymentStore {
  const { pool, worker, claimMs } = options;
  const readClaimed = ({ rows }: { rows: unknown[] }) => rows.map((row) => claimedRow.parse(row));
  return {
    open: (payments) => insertAll(pool, payments).catch(retryableIfTransient),
    async claimForBanks(rooms) {
      const values = [
        rooms.map(({ bank }) => bank),
        rooms.map(({ room }) => room),
        rooms.map(({ callable }) => callable),
        worker,
        claimMs,
      ];
      return readClaimed(await pool.query({ ...claimForBank, values }));
    },
    async claimForLedger(room) {
      const values = [room, worker, claimMs];
      return readClaimed(await pool.query({ ...claimForLedger, values }));
    },
    save: createGroupWriter((changes: Change[]) => saveAll(changes, options), {
      groupMax: GROUP_MAX,
    }),
    async countOpen() {
      const { rows } = await pool.query<{ state: PaymentState | 'awaited'; open: number }>(
        countOpenPayments,
      );
      return rows;
    },
  };
}
