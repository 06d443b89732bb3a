import { STREAMS } from '@florin/contracts';
import { connect, HEADERS, readPartition, type Incoming } from '@florin/messaging';
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

const letterOf = (message: Incoming): DeadLetter => ({
  reader: message.subject.split('.')[1] ?? '',
  at: message.time.toISOString(),
  place: [
    message.header(HEADERS.deadLetterSubject),
    message.header(HEADERS.deadLetterSequence),
  ].join(' '),
  reason: message.header(HEADERS.deadLetterReason) ?? '',
});

/** Looks at the stream and takes nothing out of it. */
async function ofTheStream(natsUrl: string): Promise<DeadLetter[]> {
  const log = createLogger('cli', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'cli', log });
  const letters: DeadLetter[] = [];
  const done = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    stream: STREAMS.deadLetters,
    filterSubject: 'dlq.>',
    startAfter: 0,
    onMessage: (message) => void letters.push(letterOf(message)),
    onCaughtUp: done.resolve,
    onDisorder: ({ detail }) => done.reject(new Error(detail)),
  });
  await done.promise;
  await reader.stop();
  return letters;
}

/** What was put aside by the ledger and by consumers of streams, newest first. */
export async function listDeadLetters({ dev }: Session): Promise<Report> {
  if (dev === undefined) throw new Error('dead letters are read where the platform runs');
  const found = await Promise.all([ofTheLedger(dev.postgresUrl), ofTheStream(dev.natsUrl)]);
  const data = found.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const rows = data.map(({ reader, at, place, reason }) => [at, reader, place, reason]);
  return { data, text: formatTable(['at', 'reader', 'where it lay', 'why'], rows) };
}
