import type { Adjustment, ClearingEntry } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Statement, StatementEntry } from '../domain/statement.ts';
import { createImportStatement } from '../import-statement.ts';
import { createStatementReads } from '../list-statements.ts';
import { createReadClearing } from '../read-clearing.ts';
import { createResolveBreaks } from '../resolve-breaks.ts';

/**
 * Hunts differences between a bank and the books that are lost, counted twice or resolved by one
 * person, whatever is imported again, at once or in another order.
 */

const MIGRATIONS = new URL('../migrations', import.meta.url);
const DAY = Date.parse('2026-11-16');
const HOUR = 3_600_000;
const WALLET = uuidv7();
const [OLGA, OTTO] = [uuidv7(), uuidv7()];
/** What the bank names and we do not know. */
const STRANGER = uuidv7();

let pool: pg.Pool;
let entries: ClearingEntry[];
let adjustments: Map<string, Adjustment>;
let readAtMs: number;

beforeEach(async () => {
  const url = await freshDatabase('banking_statements', MIGRATIONS);
  pool = createHotPool({ url, applicationName: 'statements', max: 8 });
  entries = [];
  adjustments = new Map();
  readAtMs = DAY + 12 * HOUR;
});
afterEach(() => pool.end());

/** Money came in (deposit) or went out, as the ledger books it: the other way round. */
function book(transactionId: string, amount: bigint, more: Partial<ClearingEntry> = {}): string {
  entries.push({
    walletId: WALLET,
    sequence: entries.length + 1,
    transactionId,
    type: 'deposit',
    amount: String(-amount),
    createdAt: new Date(DAY + HOUR).toISOString(),
    ...more,
  });
  return transactionId;
}

const ledger = {
  listClearingAccounts: async () => ({
    readAt: new Date(readAtMs++).toISOString(),
    accounts: [
      {
        walletId: WALLET,
        bank: 'ok',
        currency: 'USD' as const,
        balance: String(entries.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
        sequence: entries.length,
      },
    ],
  }),
  readClearingEntries: async ({ after, limit }: { after: number; limit: number }) => ({
    entries: entries.slice(after, after + limit),
  }),
};

const entry = (endToEndId: string | null, amount: bigint, reference = `ref-${endToEndId}`) => ({
  reference,
  endToEndId,
  amount,
  bookedAtMs: DAY + HOUR,
  valuedAtMs: DAY + HOUR,
});

function statement(own: StatementEntry[], more: Partial<Statement> = {}): Statement {
  const opening = more.opening ?? 0n;
  return {
    bank: 'ok',
    currency: 'USD',
    day: '2026-11-16',
    fromMs: DAY,
    toMs: DAY + 12 * HOUR,
    complete: false,
    opening,
    closing: own.reduce((sum, { amount }) => sum + amount, opening),
    entries: own,
    ...more,
  };
}

const toleranceMs = 15 * 60_000;
const parts = () => ({
  importStatement: createImportStatement({ pool, toleranceMs }),
  readClearing: createReadClearing({ pool, ledger, toleranceMs }),
  breaks: createResolveBreaks({
    pool,
    getAdjustment: async ({ id }) => ({ adjustment: adjustments.get(id) ?? null }),
  }),
  reads: createStatementReads(pool),
});

const brief = async () => {
  const { items } = await parts().reads.listBreaks({ limit: 100 });
  return items.map((one) => `${one.kind} ${one.difference} ${one.status}`).toSorted();
};
const account = async () => {
  const { accounts } = await parts().reads.reconcileBanks();
  const { bankBalance, bookBalance, inBreaks, waiting, unexplained } = accounts[0] ?? {};
  return { bankBalance, bookBalance, inBreaks, waiting, unexplained };
};
/** Everything that is stored, but for times. */
const stored = async () => {
  const tables = ['bank_statements', 'bank_entries', 'book_entries', 'statement_breaks'];
  const rows = await Promise.all(
    tables.map((table) => pool.query<object>(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)),
  );
  const steps = await pool.query<object>('SELECT break_id, step FROM break_steps ORDER BY 1, 2');
  return [...rows, steps].map((one) => one.rows);
};
const onlyBreak = async () => {
  const { items } = await parts().reads.listBreaks({ limit: 2 });
  expect(items).toHaveLength(1);
  return items[0]?.id ?? '';
};

describe('what both have booked is matched, and what differs is found once', () => {
  test('all four kinds beside each other, told by what they make of the balance', async () => {
    const [a, b, c, d] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    for (const id of [a, b, c, d]) book(id, 100n);
    const { importStatement, readClearing } = parts();
    await readClearing();
    const there = [entry(a, 100n), entry(b, 90n), entry(c, 100n), entry(c, 100n, 'again')];
    await importStatement(statement([...there, entry(null, 7n, 'stranger')]));
    expect(await brief()).toEqual([
      'different-amount -10 open',
      'duplicate 100 open',
      'missing-here 7 open',
      'missing-there -100 open',
    ]);
    expect(await account()).toEqual({
      bankBalance: '397',
      bookBalance: '400',
      inBreaks: '-3',
      waiting: '0',
      unexplained: '0',
    });
  });

  test('imported again, read again, by four at once: nothing changes', async () => {
    const ids = [uuidv7(), uuidv7()];
    for (const id of ids) book(id, 100n);
    const { importStatement, readClearing } = parts();
    const told = statement([entry(ids[0] ?? '', 100n), entry(null, 7n, 'stranger')]);
    await importStatement(told);
    await readClearing();
    const before = await stored();
    expect(await importStatement(told)).toMatchObject({ statement: { replayed: true } });
    await Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? importStatement(told) : readClearing())));
    expect(await stored()).toEqual(before);
    expect(await brief()).toEqual(['missing-here 7 open', 'missing-there -100 open']);
  });

  test('here before midnight, there after it: it waits, and is matched the next day', async () => {
    const id = book(uuidv7(), 100n, { createdAt: new Date(DAY + 24 * HOUR - 1_000).toISOString() });
    const { importStatement, readClearing } = parts();
    readAtMs = DAY + 24 * HOUR + 60_000;
    await importStatement(statement([], { toMs: DAY + 24 * HOUR, complete: true }));
    await readClearing();
    expect(await brief()).toEqual([]);
    expect(await account()).toMatchObject({ waiting: '-100', unexplained: '0' });
    const next = { ...entry(id, 100n), bookedAtMs: DAY + 24 * HOUR + 5 };
    const tomorrow = { day: '2026-11-17', fromMs: DAY + 24 * HOUR, toMs: DAY + 36 * HOUR };
    await importStatement(statement([next], tomorrow));
    expect(await brief()).toEqual([]);
    expect(await account()).toMatchObject({ waiting: '0', bankBalance: '100' });
  });

  test('a missing day is seen as such, and nothing after it is called missing', async () => {
    const { importStatement, readClearing } = parts();
    await importStatement(statement([], { toMs: DAY + 24 * HOUR, complete: true }));
    book(uuidv7(), 100n, { createdAt: new Date(DAY + 25 * HOUR).toISOString() });
    readAtMs = DAY + 60 * HOUR;
    await readClearing();
    const later = { day: '2026-11-18', fromMs: DAY + 48 * HOUR, toMs: DAY + 60 * HOUR };
    await importStatement(statement([], { ...later, opening: 100n }));
    expect(await brief()).toEqual([]);
    const { accounts } = await parts().reads.reconcileBanks();
    expect(accounts[0]).toMatchObject({
      statementUntil: new Date(DAY + 24 * HOUR).toISOString(),
      bankBalance: '100',
      unexplained: '100',
    });
  });

  test('a bank corrects its statement: the break ends; an outdated one is refused', async () => {
    const id = book(uuidv7(), 100n);
    const { importStatement, readClearing } = parts();
    await readClearing();
    await importStatement(statement([entry(id, 100n)]));
    await importStatement(statement([], { toMs: DAY + 13 * HOUR }));
    expect(await brief()).toEqual(['missing-there -100 open']);
    await importStatement(statement([entry(id, 100n)], { toMs: DAY + 14 * HOUR }));
    expect(await brief()).toEqual(['missing-there -100 resolved']);
    await importStatement(statement([], { toMs: DAY + 15 * HOUR }));
    expect(await brief()).toEqual(['missing-there -100 open']);
    const { break: known } = await parts().reads.getBreak({ id: await onlyBreak() });
    expect(known?.history.map(({ step }) => step)).toEqual(['found', 'matched', 'reopened']);
    expect(await importStatement(statement([entry(id, 100n)]))).toMatchObject({ code: 'outdated' });
    const other = { day: '2026-11-17', fromMs: DAY + 24 * HOUR, toMs: DAY + 25 * HOUR };
    await importStatement(statement([entry(id, 100n)], { toMs: DAY + 16 * HOUR }));
    const moved = { ...entry(id, 100n), bookedAtMs: DAY + 24 * HOUR };
    expect(await importStatement(statement([moved], other))).toMatchObject({ code: 'malformed' });
  });

  test('what went back to the bank is matched by the id under which it came', async () => {
    const id = book(uuidv7(), 100n);
    book(uuidv7(), -100n, { type: 'reversal', relatedTransactionId: id });
    const { importStatement, readClearing } = parts();
    await readClearing();
    await importStatement(statement([entry(id, 100n), entry(id, -100n, 'back')]));
    expect(await brief()).toEqual([]);
  });
});

describe('two people, and no one alone, resolve a break; once', () => {
  async function missing(): Promise<string> {
    const { importStatement, readClearing } = parts();
    await readClearing();
    await importStatement(statement([entry(STRANGER, 70n)]));
    return onlyBreak();
  }
  const proposal = (id: string, action: 'correct' | 'explain', proposedBy = OLGA) =>
    parts().breaks.propose({ id, action, note: 'a gift', proposedBy, expiresInSeconds: 3600 });
  const verdict = (id: string, word: 'approve' | 'reject', decidedBy = OTTO) =>
    parts().breaks.decide({ id, verdict: word, decidedBy });

  /** What the ledger does with a correction once two people have said so. */
  async function carryOut(id: string, decidedBy = OTTO): Promise<string> {
    const { break: known } = await parts().reads.getBreak({ id });
    const { adjustmentId = '', amount = '', direction = 'debit' } = known?.correction ?? {};
    adjustments.set(adjustmentId, {
      id: adjustmentId,
      status: 'approved',
      walletId: WALLET,
      direction,
      amount,
      currency: 'USD',
      reason: 'a gift',
      proposedBy: OLGA,
      proposedAt: new Date().toISOString(),
      expiresAt: new Date().toISOString(),
      decidedBy,
      decidedAt: new Date().toISOString(),
    });
    const signed = direction === 'debit' ? BigInt(amount) : -BigInt(amount);
    return book(adjustmentId, signed, { type: 'adjustment' });
  }

  test('explained: nothing is posted, the difference stays known', async () => {
    const id = await missing();
    expect(await proposal(id, 'explain')).toMatchObject({ ok: true, round: 1, replayed: false });
    expect(await proposal(id, 'explain')).toMatchObject({ ok: true, round: 1, replayed: true });
    expect(await proposal(id, 'explain', OTTO)).toMatchObject({ code: 'not-now' });
    expect(await verdict(id, 'approve', OLGA)).toMatchObject({ code: 'four-eyes' });
    const all = await Promise.all([0, 1, 2, 3].map(() => verdict(id, 'approve')));
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(all.filter((one) => one.ok && !one.replayed)).toHaveLength(1);
    expect(await verdict(id, 'reject')).toMatchObject({ code: 'not-now' });
    expect(await proposal(id, 'correct')).toMatchObject({ code: 'not-now' });
    expect(await account()).toMatchObject({ inBreaks: '70', unexplained: '0' });
  });

  test('a correction is believed when the ledger has it, and is never matched', async () => {
    const id = await missing();
    await proposal(id, 'correct');
    expect(await verdict(id, 'approve')).toMatchObject({ code: 'not-now' });
    await carryOut(id);
    expect(await verdict(id, 'approve', uuidv7())).toMatchObject({ code: 'not-now' });
    expect(await verdict(id, 'approve')).toMatchObject({ break: { resolution: 'corrected' } });
    await parts().readClearing();
    expect(await brief()).toEqual(['missing-here 70 resolved']);
    const same = { bankBalance: '70', bookBalance: '70', inBreaks: '0', unexplained: '0' };
    expect(await account()).toMatchObject(same);
    await parts().importStatement(statement([entry(STRANGER, 70n)], { toMs: DAY + 13 * HOUR }));
    expect(await brief()).toEqual(['missing-here 70 resolved']);
  });

  test('whoever asked for it died after the ledger had approved it: it is found out', async () => {
    const id = await missing();
    await proposal(id, 'correct');
    await carryOut(id);
    await Promise.all([parts().breaks.catchUp(), parts().breaks.catchUp()]);
    const { break: known } = await parts().reads.getBreak({ id });
    expect(known).toMatchObject({ status: 'resolved', decidedBy: OTTO });
    expect(known?.history.map(({ step }) => step)).toEqual(['found', 'proposed', 'approved']);
    expect(await verdict(id, 'approve')).toMatchObject({ ok: true, replayed: true });
  });

  test('rejected: another proposal has another adjustment', async () => {
    const id = await missing();
    await proposal(id, 'explain');
    expect(await verdict(id, 'reject')).toMatchObject({ break: { status: 'rejected' } });
    expect(await verdict(id, 'reject')).toMatchObject({ replayed: true });
    const first = await proposal(id, 'correct', OTTO);
    expect(first).toMatchObject({ round: 2, break: { status: 'proposed' } });
    expect(first).not.toHaveProperty('break.decidedBy');
  });

  test('its other side comes while somebody works on it: the work is not taken away', async () => {
    const id = await missing();
    await proposal(id, 'explain');
    book(STRANGER, 70n);
    await parts().readClearing();
    const { break: known } = await parts().reads.getBreak({ id });
    expect(known?.status).toBe('proposed');
  });

  test('the table itself refuses one person, a second end and another difference', async () => {
    const id = await missing();
    await proposal(id, 'explain');
    const attempt = (change: string) =>
      pool.query(`UPDATE statement_breaks SET ${change} WHERE id = '${id}'`);
    const alone = `status = 'resolved', resolution = 'explained', resolved_at = now(),
                   decided_by = proposed_by, decided_at = now()`;
    await expect(attempt(alone)).rejects.toThrow('breaks_four_eyes');
    await expect(attempt('difference = 1, bank_amount = 1')).rejects.toThrow('another one');
    await verdict(id, 'approve');
    await expect(attempt("note = 'changed'")).rejects.toThrow('was resolved');
    await expect(pool.query('DELETE FROM statement_breaks')).rejects.toThrow('insert-only');
    await expect(pool.query('DELETE FROM break_steps')).rejects.toThrow('insert-only');
  });
});

test('entries of a statement are read in pages, each with what it was matched with', async () => {
  const ids = [uuidv7(), uuidv7(), uuidv7()].toSorted();
  book(ids[0] ?? '', 1n);
  const { importStatement, readClearing, reads } = parts();
  await readClearing();
  const imported = await importStatement(statement(ids.map((id) => entry(id, 1n))));
  const statementId = imported.ok ? imported.statement.id : '';
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const at = cursor === undefined ? {} : { cursor };
    const page = await reads.listStatementEntries({ statementId, limit: 1, ...at });
    seen.push(...page.items.map((one) => `${one.state} ${one.transactionId ?? one.endToEndId}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual([`matched ${ids[0]}`, `broken ${ids[1]}`, `broken ${ids[2]}`]);
});
