import { isUuid, ok, refuse, type Currency, type Result } from '@florin/kernel';
import { parse } from 'csv-parse/browser/esm/sync';
import { parseMoney } from '../format/money.ts';

/** What is to be sent, one transfer a line, and what that comes to. */
export interface PaymentFile {
  body: Blob;
  lines: number;
  /** Minor units. */
  total: bigint;
}

export interface FileMistake {
  kind: 'not-csv' | 'no-columns' | 'empty' | 'wallet' | 'amount' | 'note';
  /** As editors count: the first one holds the names of the columns. */
  line: number;
}

const NOTE_MAX = 500;
export const NDJSON = 'application/x-ndjson';

type Row = Record<'wallet' | 'amount' | 'note', string | undefined>;

/** The names of columns have none in them; amounts may well have a comma. */
const delimiterOf = (text: string): string =>
  [';', '\t'].find((sign) => text.split('\n', 1)[0]?.includes(sign)) ?? ',';

function rowsOf(text: string): Result<Row[], FileMistake> {
  try {
    const rows: Row[] = parse(text, {
      bom: true,
      columns: (names: string[]) => names.map((name) => name.toLowerCase()),
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
    });
    return ok(rows);
  } catch {
    return refuse({ kind: 'not-csv', line: 1 });
  }
}

/**
 * Reads a table of payments as spreadsheets write it: columns `wallet`, `amount` and perhaps
 * `note`, amounts as people of the locale write them. Nothing is taken from a table with a mistake.
 */
export function readPaymentFile(
  text: string,
  from: { id: string; currency: Currency },
  locale: string,
): Result<PaymentFile, FileMistake> {
  const rows = rowsOf(text);
  if (!rows.ok) return rows;
  const [first] = rows.value;
  if (first === undefined) return refuse({ kind: 'empty', line: 1 });
  if (first.wallet === undefined || first.amount === undefined) {
    return refuse({ kind: 'no-columns', line: 1 });
  }
  let total = 0n;
  const lines: string[] = [];
  for (const [at, { wallet = '', amount: written = '', note = '' }] of rows.value.entries()) {
    const line = at + 2;
    const amount = parseMoney(written, from.currency, locale);
    if (!isUuid(wallet)) return refuse({ kind: 'wallet', line });
    if (!amount.ok) return refuse({ kind: 'amount', line });
    if (note.length > NOTE_MAX) return refuse({ kind: 'note', line });
    total += amount.value;
    const about = note === '' ? {} : { description: note };
    const order = { fromWalletId: from.id, toWalletId: wallet, amount: String(amount.value) };
    lines.push(`${JSON.stringify({ ...order, ...about })}\n`);
  }
  return ok({ body: new Blob(lines, { type: NDJSON }), lines: lines.length, total });
}
