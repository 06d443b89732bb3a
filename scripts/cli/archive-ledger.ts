import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { formatTable } from './format-table.ts';
import { shardDatabase } from './local-servers.ts';
import type { Report } from './report.ts';
import { DEFAULT_DIR, type Session } from './session.ts';

const ARCHIVE = fileURLToPath(new URL('../../services/ledger/archive/run.ts', import.meta.url));

export interface ArchiveOptions {
  /** The ledger's database as its owner; of the local run if left out. */
  databaseUrl?: string | undefined;
  archive?: string | undefined;
  /** Of a local run: whose months. Each shard has an archive of its own. */
  shard?: number | undefined;
}

interface Answer {
  problem?: string;
  obstacles?: string[];
  months?: { month: string; file: string; entries: number; problem?: string }[];
  month?: string;
  file?: string;
  bytes?: number;
  entries?: number;
  sha256?: string;
}

/** Runs the ledger's archive beside it, as the owner of the books. */
async function ask(
  { dev }: Pick<Session, 'dev'>,
  options: ArchiveOptions,
  args: string[],
): Promise<{ data: Answer; failed: boolean }> {
  const { shard = 0 } = options;
  const database = options.databaseUrl ?? (dev && shardDatabase(dev.postgresUrl, shard));
  if (database === undefined) throw new Error('give --database-url of the ledger, as its owner');
  const child = spawn(process.execPath, [ARCHIVE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      POSTGRES_OWNER_URL: database,
      ARCHIVE_DIR:
        options.archive ?? resolve(DEFAULT_DIR, shard === 0 ? 'archive' : `archive-shard-${shard}`),
    },
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const said = await textOf(child.stdout);
  const [code] = await ended;
  const data = JSON.parse(said || '{"problem":"it broke off"}') as Answer;
  if (data.problem !== undefined) throw new Error(data.problem);
  return { data, failed: code !== 0 };
}

/** Moves a month of entries into the archive; only looks whether it could with `dryRun`. */
export async function archiveLedger(
  session: Pick<Session, 'dev'>,
  { month, dryRun, ...options }: ArchiveOptions & { month: string; dryRun?: boolean },
): Promise<Report> {
  const what = dryRun === true ? 'check' : 'archive';
  const { data, failed } = await ask(session, options, [what, month]);
  const { obstacles = [], file, bytes, entries, sha256 } = data;
  if (dryRun !== true) {
    const facts = [[month, entries, bytes, file, sha256]];
    return { data, text: formatTable(['month', 'entries', 'bytes', 'file', 'SHA-256'], facts) };
  }
  const text = failed ? obstacles.join('\n') : `${month} can be archived`;
  return { data, text, failed };
}

/** Reads the whole archive and compares it with what the books noted. */
export async function verifyLedgerArchive(
  session: Pick<Session, 'dev'>,
  options: ArchiveOptions,
): Promise<Report> {
  const { data, failed } = await ask(session, options, ['verify']);
  const rows = (data.months ?? []).map(({ month, entries, file, problem }) => [
    month,
    entries,
    file,
    problem ?? 'as it was archived',
  ]);
  return { data, text: formatTable(['month', 'entries', 'file', 'compared'], rows), failed };
}
