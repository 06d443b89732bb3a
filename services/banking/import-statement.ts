import { createHash } from 'node:crypto';
import type { IMPORT_REFUSALS } from '@florin/contracts';
import { present, uuidFromDigest } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { compareAccount, type Account } from './compare-account.ts';
import type { Statement, StatementEntry } from './domain/statement.ts';
import {
  addBankAccounts,
  lockBankAccount,
  setStatementUntil,
  type LockedAccount,
} from './sql/bank-accounts.ts';
import {
  deleteBankEntries,
  entriesOfStatement,
  findForeignReference,
  insertBankEntries,
  type KnownEntryRow,
} from './sql/bank-entries.ts';
import {
  findStatement,
  statementView,
  writeStatement,
  type StatementRow,
} from './sql/bank-statements.ts';
import { setBookStates } from './sql/book-entries.ts';

interface ImportDeps {
  pool: pg.Pool;
  /** How much later than the one side the other one may book. */
  toleranceMs: number;
}

export interface ImportRefusal {
  ok: false;
  code: (typeof IMPORT_REFUSALS)[number];
  detail: string;
}

const idOf = ({ bank, currency, day }: Statement): string => {
  const name = ['statement', bank, currency, day].join('\n');
  return uuidFromDigest(createHash('sha256').update(name).digest());
};

/** Of what a statement says, however it is written down. */
function hashOf(statement: Statement): string {
  const text = JSON.stringify(statement, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}

const isSame = (known: KnownEntryRow, entry: StatementEntry): boolean =>
  known.amount === entry.amount &&
  known.end_to_end_id === entry.endToEndId &&
  known.booked_at.getTime() === entry.bookedAtMs &&
  known.valued_at.getTime() === entry.valuedAtMs;

/** What the bank tells otherwise than before, or no more, is forgotten; its other side waits. */
async function forget(
  client: pg.ClientBase,
  { bank, currency }: Account,
  gone: readonly KnownEntryRow[],
): Promise<void> {
  if (gone.length === 0) return;
  await client.query(deleteBankEntries, [bank, currency, gone.map(({ reference }) => reference)]);
  const matched = gone.filter(({ wallet_id }) => wallet_id !== null);
  if (matched.length === 0) return;
  await client.query(setBookStates, [
    matched.map(({ wallet_id }) => wallet_id),
    matched.map(({ sequence }) => sequence),
    matched.map(() => 'waiting'),
    matched.map(() => null),
  ]);
}

/** Writes entries down. Answers the reference that another statement has, when one does. */
async function writeEntries(
  client: pg.ClientBase,
  id: string,
  statement: Statement,
): Promise<string | undefined> {
  const { bank, currency, entries } = statement;
  const { rows } = await client.query<KnownEntryRow>(entriesOfStatement, [id]);
  const told = new Map(entries.map((entry) => [entry.reference, entry]));
  const isKept = (known: KnownEntryRow): boolean => {
    const entry = told.get(known.reference);
    return entry !== undefined && isSame(known, entry);
  };
  const kept = new Set(rows.filter(isKept).map(({ reference }) => reference));
  const added = entries.filter(({ reference }) => !kept.has(reference));
  const references = added.map(({ reference }) => reference);
  const foreign = await client.query<{ reference: string }>(findForeignReference, [
    bank,
    currency,
    references,
    id,
  ]);
  if (foreign.rows[0] !== undefined) return foreign.rows[0].reference;
  await forget(
    client,
    statement,
    rows.filter((known) => !kept.has(known.reference)),
  );
  await client.query(insertBankEntries, [
    bank,
    currency,
    id,
    references,
    added.map(({ endToEndId }) => endToEndId),
    added.map(({ amount }) => amount),
    added.map(({ bookedAtMs }) => new Date(bookedAtMs)),
    added.map(({ valuedAtMs }) => new Date(valuedAtMs)),
  ]);
  return undefined;
}

/** A day that is over does not go on, and what is known does not shrink. */
const isOutdated = (known: StatementRow, { toMs, complete }: Statement): boolean =>
  known.to_at.getTime() > toMs || (known.complete && !complete);

/** Undone by what it throws: nothing of the statement was written then. */
class RefusedImport extends Error {
  readonly refusal: ImportRefusal;
  constructor(code: ImportRefusal['code'], detail: string) {
    super(detail);
    this.refusal = { ok: false, code, detail };
  }
}

/** The values of a statement's row. */
const valuesOf = (statement: Statement, id: string, hash: string, importedBy?: string) => [
  id,
  statement.bank,
  statement.currency,
  statement.day,
  new Date(statement.fromMs),
  new Date(statement.toMs),
  statement.complete,
  statement.opening,
  statement.closing,
  statement.entries.length,
  hash,
  importedBy === undefined ? 'fetched' : 'uploaded',
  importedBy ?? null,
];

/**
 * Takes a statement in and compares its account, in one database transaction. The same one again
 * changes nothing; a later one of its day takes its place, entry by entry.
 * @returns a function of the statement and who uploaded it, if anybody did
 */
export function createImportStatement({ pool, toleranceMs }: ImportDeps) {
  async function take(client: pg.ClientBase, statement: Statement, importedBy?: string) {
    const { bank, currency, day } = statement;
    const account = [bank, currency];
    await client.query(addBankAccounts, [[bank], [currency]]);
    await client.query(lockBankAccount, account);
    const [id, hash] = [idOf(statement), hashOf(statement)];
    const { rows: known } = await client.query<StatementRow>(findStatement, [id]);
    if (known[0]?.content_hash === hash) return { ...statementView(known[0]), replayed: true };
    if (known[0] !== undefined && isOutdated(known[0], statement)) {
      const detail = `a later statement of ${bank} ${currency} of ${day} is here`;
      throw new RefusedImport('outdated', detail);
    }
    const values = valuesOf(statement, id, hash, importedBy);
    const { rows: written } = await client.query<StatementRow>(writeStatement, values);
    const foreign = await writeEntries(client, id, statement);
    if (foreign !== undefined) {
      throw new RefusedImport('malformed', `entry ${foreign} stands in another statement`);
    }
    await client.query(setStatementUntil, account);
    const { rows: until } = await client.query<LockedAccount>(lockBankAccount, account);
    await compareAccount(client, statement, present(until[0], 'account'), toleranceMs);
    return { ...statementView(present(written[0], 'statement')), replayed: false };
  }

  return async (statement: Statement, importedBy?: string) => {
    try {
      const taken = await withHotTransaction(pool, (client) => take(client, statement, importedBy));
      return { ok: true as const, statement: taken };
    } catch (error) {
      if (error instanceof RefusedImport) return error.refusal;
      throw error;
    }
  };
}

export type ImportStatement = ReturnType<typeof createImportStatement>;
