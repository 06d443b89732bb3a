import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchivedError } from '@florin/kernel';
import { findInEntryFile, type ArchivedEntry } from './entry-file.ts';
import { problemOfFile } from './verify-archive.ts';

/** A month as the books noted it when it was archived. */
export interface NotedMonth {
  month: string;
  file: string;
  sha256: string;
}

export interface Archive {
  /**
   * All entries of a wallet in a month, oldest first.
   * @throws ArchivedError when the file isn't at hand, or is another than was archived
   */
  entriesOf(noted: NotedMonth, walletId: string): Promise<ArchivedEntry[]>;
}

/** @param directory where the files are; undefined where this process has none */
export function openArchive(directory: string | undefined): Archive {
  /** Files that were read whole and found right, by what they were like then. */
  const believed = new Map<string, string>();

  async function looks(path: string): Promise<string> {
    const { size, mtimeMs, ino } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  }

  async function believe(folder: string, { month, file, sha256 }: NotedMonth): Promise<string> {
    const path = join(folder, file);
    const before = await looks(path).catch(() => 'missing');
    if (believed.get(path) === before) return path;
    const problem = await problemOfFile(folder, { file, sha256 });
    if (problem !== undefined) throw elsewhere(month, file, problem);
    believed.set(path, before);
    return path;
  }

  return {
    async entriesOf(noted, walletId) {
      const { month, file } = noted;
      if (directory === undefined) throw elsewhere(month, file, 'no archive is mounted here');
      return findInEntryFile(await believe(directory, noted), walletId);
    },
  };
}

function elsewhere(month: string, file: string, problem: string): ArchivedError {
  return new ArchivedError(`the entries of ${month} are archived in ${file}: ${problem}`);
}
