import {
  ADJUSTMENT_REQUESTS,
  CLEARING_REQUESTS,
  STATEMENT_REQUESTS,
  type importedStatement,
} from '@florin/contracts';
import { faultText, RetryableError } from '@florin/kernel';
import { request, serve, type Bus } from '@florin/messaging';
import { isTransient } from '@florin/postgres';
import { pollWork, type Logger, type Service } from '@florin/runtime';
import type pg from 'pg';
import type { z } from 'zod';
import type { BankAddress } from './adapters/bank-directory.ts';
import { measureStatements } from './adapters/statement-metrics.ts';
import { createStatementSource } from './adapters/statement-source.ts';
import type { BankingConfig } from './config.ts';
import { parseStatements } from './domain/parse-statements.ts';
import { createFetchStatements } from './fetch-statements.ts';
import {
  createImportStatement,
  type ImportRefusal,
  type ImportStatement,
} from './import-statement.ts';
import { createStatementReads } from './list-statements.ts';
import { createReadClearing, type ReadClearing } from './read-clearing.ts';
import { createResolveBreaks } from './resolve-breaks.ts';

type Requests = typeof STATEMENT_REQUESTS;
type Upload = z.output<Requests['importStatements']['request']>;

interface StatementDeps {
  pool: pg.Pool;
  config: Pick<BankingConfig, 'statementPollMs' | 'statementToleranceMs' | 'requestTimeoutMs'>;
  addresses: readonly BankAddress[];
}

/** Banks take longer to write a day down than to take a payment. */
const PATIENCE = 10;

/** Whoever asks while a neighbour is away is told to ask again. */
function asking<Asked, Answer>(answer: (asked: Asked) => Promise<Answer>) {
  return (asked: Asked): Promise<Answer> =>
    answer(asked).catch((error: unknown) => {
      if (!isTransient(error)) throw error;
      throw new RetryableError('statements can not be looked at now', { cause: error });
    });
}

/** A file is compared with what the books have by now, or had when the ledger was there last. */
function createUpload(deps: {
  importStatement: ImportStatement;
  readClearing: ReadClearing;
  isBank(name: string): boolean;
  log: Logger;
}) {
  const { importStatement, readClearing, isBank, log } = deps;
  return async ({ content, importedBy }: Upload) => {
    const parsed = parseStatements(Buffer.from(content, 'base64'));
    if (!parsed.ok) return { ok: false, code: 'malformed', detail: parsed.error } as const;
    const stranger = parsed.value.find(({ bank }) => !isBank(bank));
    if (stranger !== undefined) {
      const detail = `${stranger.bank} is no bank of ours`;
      return { ok: false, code: 'unknown-bank', detail } satisfies ImportRefusal;
    }
    await readClearing().catch((error: unknown) => {
      log.warn({ reason: faultText(error) }, 'a statement is compared with older books');
    });
    const statements: z.input<typeof importedStatement>[] = [];
    for (const statement of parsed.value) {
      const imported = await importStatement(statement, importedBy);
      if (!imported.ok) return imported;
      statements.push(imported.statement);
    }
    return { ok: true, statements } as const;
  };
}

/**
 * Compares our clearing accounts with what banks say, all the time, and lets the staff work on what
 * differs.
 */
export function startStatements(
  { clock, log, metrics, onStop }: Service,
  bus: Bus,
  { pool, config, addresses }: StatementDeps,
): void {
  const { statementToleranceMs: toleranceMs, statementPollMs, requestTimeoutMs } = config;
  const importStatement = createImportStatement({ pool, toleranceMs });
  const readClearing = createReadClearing({
    pool,
    toleranceMs,
    ledger: {
      listClearingAccounts: (asked) => request(bus, CLEARING_REQUESTS.listClearingAccounts, asked),
      readClearingEntries: (asked) => request(bus, CLEARING_REQUESTS.readClearingEntries, asked),
    },
  });
  const sources = addresses.flatMap((one) =>
    // A provider of payments pays out by days of its own, and offers no statements of this kind.
    'provider' in one ? [] : [createStatementSource(one, PATIENCE * requestTimeoutMs)],
  );
  const fetchStatements = createFetchStatements({ pool, sources, importStatement, log });
  const breaks = createResolveBreaks({
    pool,
    getAdjustment: (asked) => request(bus, ADJUSTMENT_REQUESTS.getAdjustment, asked),
  });
  const reads = createStatementReads(pool);
  const isBank = (name: string): boolean => addresses.some((one) => one.name === name);
  const upload = createUpload({ importStatement, readClearing, isBank, log });

  let settled = false;
  const work = pollWork({
    name: 'comparing with banks',
    everyMs: statementPollMs,
    log,
    async doSome() {
      // Whoever has just started has payments to take up: it compares one interval later.
      if (!settled) {
        settled = true;
        return false;
      }
      // Banks first: what they have booked by now, the books have soon after.
      await fetchStatements();
      await readClearing();
      await breaks.catchUp();
      return false;
    },
  });
  onStop('comparison with banks', () => work.stop());
  onStop('gauges of breaks', async () => stopGauges());
  const stopGauges = measureStatements({ pool, reads, metrics, log, nowMs: clock.nowMs });

  const served = [
    serve(bus, STATEMENT_REQUESTS.importStatements, asking(upload)),
    serve(
      bus,
      STATEMENT_REQUESTS.fetchStatements,
      asking(async ({ bank }: { bank?: string | undefined }) => {
        const fetched = await fetchStatements(bank);
        await readClearing();
        return fetched;
      }),
    ),
    serve(bus, STATEMENT_REQUESTS.listStatements, asking(reads.listStatements)),
    serve(bus, STATEMENT_REQUESTS.getStatement, asking(reads.getStatement)),
    serve(bus, STATEMENT_REQUESTS.listStatementEntries, asking(reads.listStatementEntries)),
    serve(bus, STATEMENT_REQUESTS.listBreaks, asking(reads.listBreaks)),
    serve(bus, STATEMENT_REQUESTS.getBreak, asking(reads.getBreak)),
    serve(bus, STATEMENT_REQUESTS.proposeResolution, asking(breaks.propose)),
    serve(bus, STATEMENT_REQUESTS.decideResolution, asking(breaks.decide)),
    serve(bus, STATEMENT_REQUESTS.reconcileBanks, asking(reads.reconcileBanks)),
  ];
  onStop('statements', async () => void (await Promise.all(served.map((one) => one.stop()))));
}
