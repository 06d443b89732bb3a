import {
  AMOUNT_MAX,
  exponentOf,
  ok,
  refuse,
  type Currency,
  type Minor,
  type Result,
} from '@florin/kernel';

/** An entry of a bank's statement. More than 0 is what it booked to our favour. */
export interface StatementEntry {
  /** The bank's own name for it: once in all of its statements. */
  readonly reference: string;
  /** What we gave along: the id of our transaction. Null where the bank tells none. */
  readonly endToEndId: string | null;
  readonly amount: Minor;
  readonly bookedAtMs: number;
  readonly valuedAtMs: number;
}

/** What a bank says of one currency and one day (UTC), up to the end of it or not yet. */
export interface Statement {
  readonly bank: string;
  readonly currency: Currency;
  readonly day: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly complete: boolean;
  readonly opening: Minor;
  readonly closing: Minor;
  readonly entries: readonly StatementEntry[];
}

/** A statement as its file tells it, before anybody has looked whether it can be. */
export type ToldStatement = Omit<Statement, 'day'>;

export const STATEMENT_ENTRIES_MAX = 200_000;
const DAY_MS = 86_400_000;
/** Where nothing was given along, banks say so in this word. */
const NOT_PROVIDED = 'NOTPROVIDED';
const PRINTABLE = /^[\x20-\x7e]{1,140}$/;
const DECIMAL = /^([0-9]{1,18})(?:\.([0-9]{1,8}))?$/;
/** Sums of entries stay far inside int8. */
const BALANCE_MAX = 9_000_000_000_000_000_000n;

const abs = (amount: Minor): Minor => (amount < 0n ? -amount : amount);

/** "25.00" in USD → 2500n. Undefined for what has a sign, or decimals that the currency has not. */
export function minorOf(text: string, currency: Currency): Minor | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  const exponent = exponentOf(currency);
  if (whole === undefined || fraction.length > exponent) return undefined;
  return BigInt(whole + fraction.padEnd(exponent, '0'));
}

/** RFC 3339 with an offset, or without any, as banks write it for UTC. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

export function timeOf(text: string): number | undefined {
  const [, , zone] = TIME.exec(text) ?? [undefined, undefined, undefined];
  if (!TIME.test(text)) return undefined;
  const ms = Date.parse(zone === undefined ? `${text}Z` : text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** What stands for an end-to-end id, if anything. */
export const endToEndIdOf = (text: string): string | null =>
  text === '' || text === NOT_PROVIDED ? null : text;

function entryProblem(entry: StatementEntry, { fromMs, toMs }: ToldStatement): string | undefined {
  const { reference, endToEndId, amount, bookedAtMs } = entry;
  if (!PRINTABLE.test(reference)) return 'an entry has no readable reference';
  const at = `entry ${reference}`;
  if (endToEndId !== null && !PRINTABLE.test(endToEndId)) return `${at}: end-to-end id`;
  if (amount === 0n || abs(amount) > AMOUNT_MAX) return `${at}: amount out of bounds`;
  if (bookedAtMs < fromMs || bookedAtMs > toMs) return `${at}: booked outside of the statement`;
  return undefined;
}

function periodProblem({ fromMs, toMs, complete }: ToldStatement): string | undefined {
  const endMs = fromMs + DAY_MS;
  if (fromMs % DAY_MS !== 0) return 'it does not begin with a day (UTC)';
  if (toMs < fromMs || toMs > endMs) return 'it ends before it begins, or after its day';
  return complete && toMs !== endMs ? 'it has a closing balance before its day is over' : undefined;
}

function problemOf(told: ToldStatement): string | undefined {
  const { opening, closing, entries } = told;
  const wrong = periodProblem(told);
  if (wrong !== undefined) return wrong;
  if (entries.length > STATEMENT_ENTRIES_MAX) return 'it has too many entries';
  if (abs(opening) > BALANCE_MAX || abs(closing) > BALANCE_MAX) return 'a balance is out of bounds';
  const references = new Set<string>();
  let balance = opening;
  for (const entry of entries) {
    const bad = entryProblem(entry, told);
    if (bad !== undefined) return bad;
    if (references.has(entry.reference)) return `entry ${entry.reference} comes twice`;
    references.add(entry.reference);
    balance += entry.amount;
  }
  return balance === closing ? undefined : 'its entries do not lead to its closing balance';
}

/** Statements that can be: a day each, adding up, no entry twice. Else what is wrong. */
export function checkStatements(told: readonly ToldStatement[]): Result<Statement[], string> {
  const checked = new Map<string, Statement>();
  for (const one of told) {
    const problem = problemOf(one);
    const name = `${one.bank} ${one.currency}`;
    if (problem !== undefined) return refuse(`statement of ${name}: ${problem}`);
    const day = new Date(one.fromMs).toISOString().slice(0, 10);
    if (checked.has(`${name} ${day}`)) return refuse(`two statements of ${name} of ${day}`);
    checked.set(`${name} ${day}`, { ...one, day });
  }
  return ok([...checked.values()]);
}
