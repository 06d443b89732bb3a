import { hash } from 'node:crypto';
import type { BULK_FILE_REQUESTS, BulkFileStatus } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { announce } from './announce.ts';
import { cancelledResults } from './domain/piece-results.ts';
import {
  fileView,
  findFile,
  insertFile,
  listFiles,
  lockFile,
  setFileStatus,
  startFile,
  type BulkFileRow,
} from './sql/bulk-files.ts';
import { digestOf, insertPiece, readResults, sumPieces } from './sql/bulk-pieces.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase as UseCaseOf } from './use-case.ts';

type UseCase<Name extends keyof typeof BULK_FILE_REQUESTS> = UseCaseOf<
  typeof BULK_FILE_REQUESTS,
  Name
>;

interface ManageDeps {
  db: Database['slonik'];
  clock: Clock;
  /** Not done yet, of one owner. */
  filesMax: number;
  /** There is work. */
  onRunning(): void;
  /** Somebody is to be told of something. */
  onTold(): void;
}

const refused = <Code extends string>(code: Code, detail: string) => ({ refused: code, detail });
const otherFile = () => refused('key-reused', 'the key stands for another file');

/** Tells that a file has ended, with what became of its lines. */
export const announceEnd = (
  tx: Queries,
  file: BulkFileRow,
  status: 'completed' | 'cancelled',
  nowMs: number,
): Promise<void> =>
  announce(
    tx,
    { name: 'bulk-file-finished', about: file.id, nowMs },
    {
      bulkFileId: file.id,
      ownerId: file.ownerId,
      status,
      lines: file.lines,
      completed: file.completed + file.held,
      failed: file.failed + file.invalid,
    },
  );

/** What uploaders do with their files. Those of others don't exist for them. */
export function createBulkFileUseCases({ db, clock, filesMax, onRunning, onTold }: ManageDeps) {
  const now = (): Date => new Date(clock.nowMs());

  const beginBulkFile: UseCase<'beginBulkFile'> = async (asked) => {
    const made = await insertFile(db, { ...asked, now: now(), most: filesMax });
    const file = made ?? (await findFile(db, asked.id, asked.ownerId));
    if (file !== null) return { file: fileView(file) };
    return refused('too-many', `at most ${filesMax} files may be under way`);
  };

  const appendBulkPiece: UseCase<'appendBulkPiece'> = async (piece) => {
    const digest = hash('sha256', piece.text, 'buffer');
    await insertPiece(db, { ...piece, digest });
    const stored = await digestOf(db, piece.id, piece.number);
    return stored?.equals(digest) === true ? { stored: true } : otherFile();
  };

  const finishBulkUpload: UseCase<'finishBulkUpload'> = async ({ id, ...size }) => {
    const answer = await db.transaction(async (tx) => {
      const file = await lockFile(tx, id, null);
      if (file === null) return otherFile();
      if (file.status !== 'uploading') {
        const same = file.pieces === size.pieces && file.lines === size.lines;
        return same ? { file: fileView(file) } : otherFile();
      }
      const { pieces, lines } = await sumPieces(tx, id);
      // An upload that broke off had come further than this one: it was another file.
      if (pieces !== size.pieces || lines !== size.lines) return otherFile();
      return { file: fileView(await startFile(tx, { id, ...size, now: now() })) };
    });
    onRunning();
    return answer;
  };

  const getBulkFile: UseCase<'getBulkFile'> = async ({ id, ownerId }) => {
    const file = await findFile(db, id, ownerId);
    return { file: file && fileView(file) };
  };

  const list: UseCase<'listBulkFiles'> = async ({ ownerId, cursor, limit }) =>
    pageOfRows(await listFiles(db, ownerId, readCursor(cursor), limit + 1), limit, fileView);

  const setBulkFileStatus: UseCase<'setBulkFileStatus'> = async ({ id, ownerId, to }) => {
    const answer = await db.transaction(async (tx) => {
      const file = await lockFile(tx, id, ownerId);
      if (file === null) return { file: null };
      if (file.status === to) return { file: fileView(file) };
      if (!mayBecome(file.status, to)) return refused('settled', `the file is ${file.status}`);
      const changed = await setFileStatus(tx, { id, status: to, now: now() });
      if (to === 'cancelled') await announceEnd(tx, changed, to, clock.nowMs());
      return { file: fileView(changed) };
    });
    onRunning();
    onTold();
    return answer;
  };

  const readBulkResults: UseCase<'readBulkResults'> = async ({ id, ownerId, piece: number }) => {
    const file = await findFile(db, id, ownerId);
    const piece = file === null ? null : await readResults(db, id, number);
    if (file === null || piece === null) return { text: null };
    const isCancelled = piece.results === null && !piece.begun && file.status === 'cancelled';
    return {
      text: isCancelled ? cancelledResults(piece.firstLine, piece.lines) : piece.results,
    };
  };

  return {
    beginBulkFile,
    appendBulkPiece,
    finishBulkUpload,
    getBulkFile,
    listBulkFiles: list,
    setBulkFileStatus,
    readBulkResults,
  };
}

/** An upload can be given up; what has ended stays as it is. */
const mayBecome = (from: BulkFileStatus, to: BulkFileStatus): boolean =>
  from === 'running' || from === 'paused' || (from === 'uploading' && to === 'cancelled');
