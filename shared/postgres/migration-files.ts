import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TerminalError } from '@florin/kernel';

export interface MigrationFile {
  /** The file's name, e.g. `001-accounts.sql`. Its three digits are its place in the order. */
  name: string;
  sql: string;
  sha256: string;
  /** Each `-- assert: SELECT …` line: what must be true once the file is applied. */
  assertions: string[];
}

/** What the table `migrations` remembers of a file. */
export type AppliedMigration = Pick<MigrationFile, 'name' | 'sha256'>;

const FILE_NAME = /^\d{3}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;
const ASSERTION = /^-- assert: *(.+?);? *$/gm;
const OWN_COMMIT = /^\s*(COMMIT|ROLLBACK)\s*;/im;

/** Reads one file. @throws TerminalError when it could not be applied as one whole */
export function parseMigration(name: string, sql: string): MigrationFile {
  if (!FILE_NAME.test(name)) {
    throw new TerminalError(`migration ${name}: the name must look like 001-accounts.sql`);
  }
  if (OWN_COMMIT.test(sql)) {
    throw new TerminalError(`migration ${name}: it runs in one database transaction, no COMMIT`);
  }
  const assertions = [...sql.matchAll(ASSERTION)].map(([, select]) => select as string);
  return { name, sql, sha256: createHash('sha256').update(sql).digest('hex'), assertions };
}

/** Reads the `*.sql` files of a folder in their order. */
export async function readMigrations(folder: URL | string): Promise<MigrationFile[]> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const names = (await readdir(path)).filter((name) => name.endsWith('.sql')).toSorted();
  const twice = names.find((name, i) => name.slice(0, 3) === names[i - 1]?.slice(0, 3));
  if (twice !== undefined) {
    throw new TerminalError(`migration ${twice}: another file has the same number`);
  }
  return Promise.all(
    names.map(async (name) => parseMigration(name, await readFile(join(path, name), 'utf8'))),
  );
}

/**
 * The files still to apply. Forward only: history is a prefix of the folder, byte for byte.
 * @throws TerminalError when the database was migrated by other files than these
 */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const history = applied.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const [place, { name, sha256 }] of history.entries()) {
    const file = files.find((candidate) => candidate.name === name);
    if (file === undefined) {
      throw new TerminalError(
        `migration ${name} was applied here, but this version has no such file`,
      );
    }
    if (file.sha256 !== sha256) {
      throw new TerminalError(`migration ${name} was changed after it was applied: add a new file`);
    }
    const expected = files[place]?.name;
    if (expected !== name) {
      throw new TerminalError(
        `migration ${expected} comes before ${name}, which is applied already`,
      );
    }
  }
  return files.slice(history.length);
}
