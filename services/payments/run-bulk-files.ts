import type { BulkCounts } from '@florin/contracts';
import { faultText, RetryableError, type Clock } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import { countsOf, ndjsonOf } from './domain/piece-results.ts';
import { announceEnd } from './manage-bulk-files.ts';
import { createTurns, type Turn } from './in-flight.ts';
import type { PayPiece } from './pay-piece.ts';
import {
  addCounts,
  claimFile,
  findFile,
  lockFile,
  setFileStatus,
  type BulkFileRow,
} from './sql/bulk-files.ts';
import { beginPiece, openPieces, saveResults } from './sql/bulk-pieces.ts';

/** Of one file at a time: the next is read while the one before waits for its last decisions. */
const PIECES_AT_ONCE = 3;

interface RunDeps {
  db: Database['slonik'];
  clock: Clock;
  log: Logger;
  payPiece: PayPiece;
  /** Longer than a piece takes: then somebody else takes the file up. */
  claimMs: number;
  shutdown: AbortSignal;
  count(counts: BulkCounts): void;
  /** Somebody is to be told of something. */
  onTold(): void;
}

/**
 * Works on files piece by piece. Results and counts of a piece are written in one database
 * transaction, once; a piece that was not written is sent again by whoever takes the file up.
 */
export function createRunBulkFiles(deps: RunDeps) {
  const { db, clock, log, payPiece, claimMs, shutdown, count, onTold } = deps;
  const until = (): Date => new Date(clock.nowMs() + claimMs);

  /** Answers whether the file goes on. */
  async function work(file: BulkFileRow, number: number, turn: Turn): Promise<boolean> {
    const { firstLine, content } = await beginPiece(db, file.id, number);
    if (content === null) return true;
    const results = await payPiece(file, { firstLine, text: content }, turn);
    const counts = countsOf(results);
    const text = ndjsonOf(results);
    const status = await db.transaction(async (tx) => {
      const isOurs = await saveResults(tx, { id: file.id, number, results: text });
      if (!isOurs) return (await findFile(tx, file.id, null))?.status;
      count(counts);
      return (await addCounts(tx, { id: file.id, counts, until: until() })).status;
    });
    return status === file.status;
  }

  async function finish(id: string): Promise<void> {
    await db.transaction(async (tx) => {
      const file = await lockFile(tx, id, null);
      if (file?.status !== 'running') return;
      const nowMs = clock.nowMs();
      const done = await setFileStatus(tx, { id, status: 'completed', now: new Date(nowMs) });
      await announceEnd(tx, done, 'completed', nowMs);
    });
    onTold();
  }

  /** Some pieces at once, each taken in the order of the file, until it is done or has to stop. */
  async function runFile(file: BulkFileRow): Promise<void> {
    let goesOn = true;
    const begunOnly = file.status !== 'running';
    const begun = new Set<number>();
    const queueUp = createTurns();
    async function worker(): Promise<void> {
      while (goesOn && !shutdown.aborted) {
        const open = await openPieces(db, file.id, { limit: 2 * PIECES_AT_ONCE, begunOnly });
        const number = open.find((one) => !begun.has(one));
        if (number === undefined) return;
        begun.add(number);
        const turn = queueUp();
        goesOn = (await work(file, number, turn).finally(turn.done)) && goesOn;
      }
    }
    const workers = Array.from({ length: PIECES_AT_ONCE }, () =>
      worker().catch((fault: unknown) => {
        goesOn = false;
        return Promise.reject(fault instanceof Error ? fault : new Error(String(fault)));
      }),
    );
    // What the others have begun is written down before a fault is told.
    await Promise.allSettled(workers);
    await Promise.all(workers);
    if (goesOn && !shutdown.aborted) await finish(file.id);
  }

  /** Works on one file that nobody works on. Answers whether there was one. */
  return async (): Promise<boolean> => {
    const file = await claimFile(db, new Date(clock.nowMs()), until());
    if (file === null) return false;
    try {
      await runFile(file);
    } catch (error) {
      // Nothing is lost: the claim ends, and the file goes on where it stands.
      const level = isTransient(error) || error instanceof RetryableError ? 'warn' : 'error';
      log[level]({ err: error, fileId: file.id }, `a file has to wait: ${faultText(error)}`);
    }
    return true;
  };
}
