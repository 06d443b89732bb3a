import { isCurrency, ok, refuse, type Currency, type Result } from '@florin/kernel';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import {
  endToEndIdOf,
  minorOf,
  STATEMENT_ENTRIES_MAX,
  timeOf,
  type StatementEntry,
  type ToldStatement,
} from './statement.ts';

const row = z.strictObject({
  record: z.enum(['opening', 'entry', 'closing', 'interim']),
  bank: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  currency: z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code)),
  reference: z.string(),
  end_to_end_id: z.string(),
  direction: z.enum(['credit', 'debit']),
  amount: z.string(),
  booked_at: z.string(),
  valued_at: z.string(),
});

interface Row {
  record: z.output<typeof row>['record'];
  bank: string;
  currency: Currency;
  entry: StatementEntry;
}

/** The longest line that a statement needs, with room. */
const LINE_BYTES_MAX = 2_000;

function rowOf(cells: unknown): Row | undefined {
  const read = row.safeParse(cells);
  if (!read.success) return undefined;
  const { record, bank, currency, direction, reference } = read.data;
  const amount = minorOf(read.data.amount, currency);
  const bookedAtMs = timeOf(read.data.booked_at);
  const valuedAtMs = record === 'entry' ? timeOf(read.data.valued_at) : 0;
  if (amount === undefined || bookedAtMs === undefined || valuedAtMs === undefined)
    return undefined;
  const signed = direction === 'debit' ? -amount : amount;
  const endToEndId = endToEndIdOf(read.data.end_to_end_id);
  return {
    record,
    bank,
    currency,
    entry: { reference, endToEndId, amount: signed, bookedAtMs, valuedAtMs },
  };
}

/** Opening, entries, closing, and again: what does not come in that order is no statement. */
function statementsIn(rows: readonly Row[]): Result<ToldStatement[], string> {
  const told: ToldStatement[] = [];
  let opening: Row | undefined;
  let entries: StatementEntry[] = [];
  for (const [index, one] of rows.entries()) {
    const line = `line ${index + 2}`;
    const { record, entry, bank, currency } = one;
    if (record === 'opening') {
      if (opening !== undefined) return refuse(`${line}: the statement before has no end`);
      opening = one;
      continue;
    }
    if (opening === undefined) return refuse(`${line}: an opening balance comes first`);
    if (bank !== opening.bank || currency !== opening.currency) {
      return refuse(`${line}: of another bank or currency than the statement`);
    }
    if (record === 'entry') {
      entries.push(entry);
      continue;
    }
    const [from, to] = [opening.entry, entry];
    const period = { fromMs: from.bookedAtMs, toMs: to.bookedAtMs };
    const balances = { opening: from.amount, closing: to.amount };
    told.push({ bank, currency, ...period, complete: record === 'closing', ...balances, entries });
    opening = undefined;
    entries = [];
  }
  return opening === undefined ? ok(told) : refuse('the last statement has no closing balance');
}

function recordsIn(text: string): unknown[] | undefined {
  try {
    return parse(text, {
      bom: true,
      columns: true,
      max_record_size: LINE_BYTES_MAX,
      // Some for the balances of each statement.
      to: STATEMENT_ENTRIES_MAX * 2,
      skip_empty_lines: true,
    });
  } catch {
    return undefined;
  }
}

/** Reads statements from CSV. The error says what is wrong, in words for whoever sent it. */
export function parseCsvStatement(text: string): Result<ToldStatement[], string> {
  const records = recordsIn(text);
  if (records === undefined) return refuse('it is no CSV that can be read');
  const rows: Row[] = [];
  for (const [index, cells] of records.entries()) {
    const read = rowOf(cells);
    if (read === undefined) return refuse(`line ${index + 2} is no line of a statement`);
    rows.push(read);
  }
  return statementsIn(rows);
}
