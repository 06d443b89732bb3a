import { connect, readDeadLetters } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { formatTable } from './format-table.ts';
import { serviceDatabase } from './local-servers.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

/** A message that nobody can handle. */
interface DeadLetter {
  /** Whose it would have been. */
  reader: string;
  at: string;
  /** Where it lay, and what it was. */
  place: string;
  reason: string;
}

interface LedgerRow extends Record<string, unknown> {
  partition: number;
  stream_sequence: bigint;
  item: number;
  reason: string;
  created_at: Date;
}

const ROWS_MAX = 1000;

async function ofTheLedger(postgresUrl: string): Promise<DeadLetter[]> {
  const url = serviceDatabase(postgresUrl, 'ledger');
  const pool = createHotPool({ url, applicationName: 'cli', max: 1 });
  try {
    const { rows } = await pool.query<LedgerRow>(
      `SELECT partition, stream_sequence, item, reason, created_at FROM dead_letters
        ORDER BY created_at DESC LIMIT ${ROWS_MAX}`,
    );
    return rows.map((row) => ({
      reader: 'ledger',
      at: row.created_at.toISOString(),
      place: `lane ${row.partition}, message ${row.stream_sequence}, item ${row.item}`,
      reason: row.reason,
    }));
  } finally {
    await pool.end();
  }
}

/** Looks at the stream and takes nothing out of it. */
async function ofTheStream(natsUrl: string): Promise<DeadLetter[]> {
  const log = createLogger('cli', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'cli', log });
  const letters = await readDeadLetters(bus, ROWS_MAX);
  return letters.map(({ at, ...letter }) => ({ ...letter, at: at.toISOString() }));
}

/** What was put aside by the ledger and by consumers of streams, newest first. */
export async function listDeadLetters({ dev }: Session): Promise<Report> {
  if (dev === undefined) throw new Error('dead letters are read where the platform runs');
  const found = await Promise.all([ofTheLedger(dev.postgresUrl), ofTheStream(dev.natsUrl)]);
  const data = found.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const rows = data.map(({ reader, at, place, reason }) => [at, reader, place, reason]);
  return { data, text: formatTable(['at', 'reader', 'where it lay', 'why'], rows) };
}
