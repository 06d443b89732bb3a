import type { z } from 'zod';
import type { STATEMENT_REQUESTS } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { BankFault } from './adapters/bank-fault.ts';
import type { StatementSource } from './adapters/statement-source.ts';
import { parseStatements } from './domain/parse-statements.ts';
import type { ImportStatement } from './import-statement.ts';
import { completeDays } from './sql/bank-statements.ts';

interface FetchStatementsDeps {
  pool: pg.Pool;
  sources: readonly StatementSource[];
  importStatement: ImportStatement;
  log: Logger;
}

type Fetched = z.input<(typeof STATEMENT_REQUESTS)['fetchStatements']['response']>;

/** A bank has sent something that can't be taken in: the staff may read why. */
class UnusableStatement extends Error {}

/** Errors of connections and databases say how we are built: those are for the log. */
function detailOf(error: unknown): string {
  if (error instanceof UnusableStatement) return error.message.slice(0, 500);
  return error instanceof BankFault ? 'the bank gave no proper answer' : 'not possible now';
}

/**
 * Asks banks for the statements that are not complete here, today's as far as it is by now, and
 * takes them in. What can't be fetched or read from one bank keeps no other one waiting.
 */
export function createFetchStatements(deps: FetchStatementsDeps) {
  const { pool, sources, importStatement, log } = deps;

  async function fetchDay(source: StatementSource, day: string, fetched: Fetched): Promise<void> {
    const parsed = parseStatements(await source.fetchDay(day));
    if (!parsed.ok) throw new UnusableStatement(`statements of ${day}: ${parsed.error}`);
    for (const statement of parsed.value) {
      // A bank speaks for itself only.
      if (statement.bank !== source.bank) {
        throw new UnusableStatement(`a statement of ${statement.bank}`);
      }
      const imported = await importStatement(statement);
      if (imported.ok) fetched.statements.push(imported.statement);
      // Somebody was quicker: what is here is later than what we have asked for.
      else if (imported.code !== 'outdated') throw new UnusableStatement(imported.detail);
    }
  }

  async function fetchBank(source: StatementSource, fetched: Fetched): Promise<void> {
    const { rows } = await pool.query<{ day: string }>(completeDays, [source.bank]);
    const known = new Set(rows.map(({ day }) => day));
    const days = (await source.listDays()).map(({ day }) => day).filter((day) => !known.has(day));
    for (const day of days.toSorted()) await fetchDay(source, day, fetched);
  }

  return async function fetchStatements(bank?: string): Promise<Fetched> {
    const fetched: Fetched = { statements: [], failures: [] };
    for (const source of sources) {
      if (bank !== undefined && source.bank !== bank) continue;
      try {
        await fetchBank(source, fetched);
      } catch (error) {
        log.warn({ bank: source.bank, reason: faultText(error) }, 'a bank tells no statements');
        fetched.failures.push({ bank: source.bank, detail: detailOf(error) });
      }
    }
    return fetched;
  };
}

export type FetchStatements = ReturnType<typeof createFetchStatements>;
