import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { listArchivedMonths, type ArchivedMonthRow } from '../sql/archive-months.ts';
import { contentOfFile, digestOfFile } from './entry-file.ts';

export interface VerifiedMonth {
  month: string;
  file: string;
  entries: number;
  /** What is wrong with the file; none where it is what the books say. */
  problem?: string;
}

/** Whether a file is the one that was archived, byte for byte. */
export async function problemOfFile(
  directory: string,
  { file, sha256 }: Pick<ArchivedMonthRow, 'file' | 'sha256'>,
): Promise<string | undefined> {
  const path = join(directory, file);
  if (!existsSync(path)) return 'it is not there';
  if ((await digestOfFile(path)) !== sha256) return 'its bytes are others than those archived';
  return undefined;
}

/** Holds every file of the archive against what the books noted of it. */
export async function verifyArchive(pool: pg.Pool, directory: string): Promise<VerifiedMonth[]> {
  const { rows } = await pool.query<ArchivedMonthRow>(listArchivedMonths);
  const verified: VerifiedMonth[] = [];
  for (const row of rows) {
    const { month, file } = row;
    let problem = await problemOfFile(directory, row);
    if (problem === undefined) {
      const { content, entries } = await contentOfFile(join(directory, file));
      const isSame = content === row.content && BigInt(entries) === row.entries;
      if (!isSame) problem = 'its entries are others than those archived';
    }
    const entries = Number(row.entries);
    verified.push({ month, file, entries, ...(problem === undefined ? {} : { problem }) });
  }
  return verified;
}
