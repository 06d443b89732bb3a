import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AccountPeriod, StatementEntry } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { refusal, type Refusal } from '../domain/refusal.ts';
import type { Ledger } from '../adapters/ledger.ts';
import { csvStatement } from './csv-statement.ts';
import { jsonStatement } from './json-statement.ts';

export interface Period {
  /** First moment; since the wallet was opened if left out. */
  from?: string | undefined;
  /** First moment after it; until now if left out. */
  to?: string | undefined;
}

/** A period of a wallet as the books were at one moment, its entries still to be read. */
export interface Statement extends AccountPeriod, Period {
  walletId: string;
  takenAt: string;
  /** Oldest first, in pieces. */
  entries(): AsyncIterable<readonly StatementEntry[]>;
}

export type StatementFormat = 'csv' | 'json' | 'pdf';

export interface StatementFile {
  contentType: string;
  /** Writes it as fast as the client reads. What breaks meanwhile breaks the connection off. */
  send(response: Writable): void;
}

type Content = AsyncIterable<string | Uint8Array>;

/** Entries read at once: what is written of a statement is never more than this in memory. */
const PIECE = 500;

/** Drawing costs some 100 µs an entry, which other requests wait for. */
const ENTRIES_MAX = { csv: 1_000_000, json: 1_000_000, pdf: 10_000 } as const;

/** Loaded by the first statement on paper: it takes 28 MB, which a gateway may never need. */
async function* onPaper(statement: Statement): Content {
  const { pdfStatement } = await import('./pdf-statement.ts');
  yield* pdfStatement(statement);
}

const WRITERS: Record<
  StatementFormat,
  { contentType: string; contentOf: (statement: Statement) => Content }
> = {
  csv: { contentType: 'text/csv; charset=utf-8', contentOf: csvStatement },
  json: { contentType: 'application/json', contentOf: jsonStatement },
  pdf: { contentType: 'application/pdf', contentOf: onPaper },
};

const isClientGone = (error: unknown): boolean =>
  (error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';

const tooLong = (entries: number, format: StatementFormat): Refusal =>
  refusal(
    'validation-failed',
    `the period has ${entries} entries, more than the ${ENTRIES_MAX[format]} that a statement as ` +
      `${format} can hold: choose a shorter one${format === 'pdf' ? ', or another format' : ''}`,
  );

/**
 * Writes the statement of a wallet over a period: every entry, and the balances at both ends. All
 * of it is as of one moment, however long the writing takes: the sequences at the ends of the
 * period are found once, and what lies between them never changes.
 */
export function createWriteStatement(deps: {
  ledger: Pick<Ledger, 'getPeriod' | 'readEntries'>;
  clock: Pick<Clock, 'nowMs'>;
  log: Pick<Logger, 'warn'>;
}) {
  const { ledger, clock, log } = deps;

  async function* entriesBetween(
    walletId: string,
    { first, last }: AccountPeriod,
  ): AsyncIterable<readonly StatementEntry[]> {
    for (let next = first; next <= last; next += PIECE) {
      const { entries } = await ledger.readEntries({ walletId, first: next, last, limit: PIECE });
      yield entries;
    }
  }

  function send(content: Content, response: Writable): void {
    pipeline(Readable.from(content), response).catch((error: unknown) => {
      if (!isClientGone(error)) log.warn({ err: error }, 'a statement broke off');
    });
  }

  return async (
    walletId: string,
    { from, to }: Period,
    format: StatementFormat,
  ): Promise<StatementFile | Refusal> => {
    const takenAt = new Date(clock.nowMs()).toISOString();
    const { period } = await ledger.getPeriod({
      walletId,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    if (period === null) return refusal('not-found', `there is no wallet ${walletId}`);
    const count = period.last - period.first + 1;
    if (count > ENTRIES_MAX[format]) return tooLong(count, format);
    const entries = () => entriesBetween(walletId, period);
    const { contentType, contentOf } = WRITERS[format];
    const content = contentOf({ ...period, from, to, walletId, takenAt, entries });
    return { contentType, send: (response) => send(content, response) };
  };
}

export type WriteStatement = ReturnType<typeof createWriteStatement>;
