import { LANE_TYPES, type LaneMessage, type Outcome, type Risk } from '@florin/contracts';
import { createAuditorModel, type AuditedCommand } from '@florin/testing';
import type { MemoryBooks } from './memory-session.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { Row } from './memory-tables.ts';
import { REVIEW_FOR_MS, type Attempt } from './simulated-ledger.ts';

/** What is left of a run when all has come to rest. */
export interface Finished {
  books: MemoryBooks;
  events: MemoryStream;
  /** Committed batches, in the order of their commits. */
  commits: readonly Attempt[];
  answers: readonly string[];
  commandOf(messageId: string): AuditedCommand | undefined;
}

/** Everything that is wrong: with the books, what was told of them, and what was answered. */
export function problemsOf(run: Finished): string[] {
  return [
    ...problemsOfOrder(run),
    ...problemsWithModel(run),
    ...problemsOfBooks(run.books),
    ...problemsOfEvents(run),
    ...problemsOfAnswers(run),
  ];
}

/** Each message of a lane is decided once, after those before it, whoever owns the lane. */
function problemsOfOrder({ commits }: Finished): string[] {
  const last = new Map<number, { sequence: number; process: string }>();
  const problems: string[] = [];
  for (const { process, items } of commits) {
    for (const { partition, sequence } of items) {
      const before = last.get(partition);
      if (before !== undefined && sequence <= before.sequence) {
        const place = `message ${sequence} of partition ${partition}`;
        problems.push(`${process} decided ${place} after ${before.process} had ${before.sequence}`);
      }
      last.set(partition, { sequence, process });
    }
  }
  return problems;
}

const US_IN_SECOND = 1_000_000;

/** The same commands in the order of their commits, told to the auditor's model. */
function problemsWithModel({ books, commits, commandOf }: Finished): string[] {
  const auditor = createAuditorModel(REVIEW_FOR_MS * 1000);
  /** How many batches had been committed when a wallet was opened, or a transaction decided. */
  const madeAfter = new Map<string, number>();
  for (const [after, { items, decidedAtUs, seen = after }] of commits.entries()) {
    const isUnseen = (id: string): boolean => {
      const made = madeAfter.get(id) ?? after;
      return seen <= made && made < after;
    };
    let place = 0;
    for (const { messageId, commands } of items) {
      for (const { message } of commands) {
        const command = asDecided(message, commandOf(messageId));
        const atUs = decidedAtUs[place++] ?? Number.NaN;
        if (command === undefined) continue;
        auditor.apply(asSeen(command, isUnseen), atUs);
        for (const id of idsOf(command)) {
          const isMade = auditor.wallets.has(id) || auditor.transactions.has(id);
          if (isMade && !madeAfter.has(id)) madeAfter.set(id, after);
        }
      }
    }
  }
  const problems: string[] = [];
  const compare = (what: string, is: unknown, shall: unknown) => {
    const [told, wanted] = [is, shall].map((value) => JSON.stringify(value, bigAsText));
    if (told !== wanted) problems.push(`${what} is ${told}, the auditor says ${wanted}`);
  };
  for (const [id, { posted, held, entries, status }] of auditor.wallets) {
    const row = books.tables.wallets.get(id) ?? {};
    const is = { posted: row['posted'], held: row['held'], entries: Number(row['sequence']) };
    compare(`wallet ${id}`, { ...is, status: row['status'] }, { posted, held, entries, status });
  }
  for (const [id, { status, code, review }] of auditor.transactions) {
    const row = books.tables.transactions.get(id) ?? {};
    const is = { status: row['status'], code: row['failure_code'] ?? undefined };
    const reviewed = books.tables.reviews.get(id)?.['status'];
    compare(`transaction ${id}`, { ...is, review: reviewed }, { status, code, review });
  }
  for (const [id, row] of books.tables.transactions) {
    if (!auditor.transactions.has(id)) compare(`transaction ${id}`, row, undefined);
  }
  return problems;
}

/** Wallets and transactions that a command may make. */
function idsOf(command: AuditedCommand): string[] {
  if (command.do === 'open') return [command.wallet];
  if ('items' in command) return command.items.map(({ id }) => id);
  return 'id' in command ? [command.id] : [];
}

/**
 * A wallet that was opened in another lane since this batch read its wallets is none that it knows:
 * as if it had been decided before. So is a transaction that a bulk, refused for another of
 * its items, would have found. Of rows that are there, locks see to the order.
 */
function asSeen(command: AuditedCommand, isUnseen: (wallet: string) => boolean): AuditedCommand {
  if ('to' in command && isUnseen(command.to)) return { ...command, to: 'unseen' };
  if (command.do !== 'bulk') return command;
  const items = command.items.map((item) => ({
    ...item,
    ...(isUnseen(item.id) && { id: `unseen ${item.id}` }),
    ...(isUnseen(item.to) && { to: 'unseen' }),
  }));
  return { ...command, items };
}

const bigAsText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

const verdictOf = (risk: Risk | undefined) =>
  risk?.mode === 'enforce' ? risk.decision : undefined;

/** The command as the lane got it: scored by whoever did, said by the sweep where that did. */
function asDecided(
  message: LaneMessage,
  said: AuditedCommand | undefined,
): AuditedCommand | undefined {
  if (message.type === LANE_TYPES.expireHold) {
    return { do: 'expire-hold', id: message.data.transactionId };
  }
  if (message.type === LANE_TYPES.decideReview && message.data.verdict === 'expire') {
    return { do: 'review', id: message.data.transactionId, verdict: 'expire' };
  }
  if (said === undefined) return undefined;
  if (said.do === 'bulk' && message.type === LANE_TYPES.bulkInitiated) {
    const { orders } = message.data;
    const items = said.items.map((item, i) => ({ ...item, risk: verdictOf(orders[i]?.risk) }));
    return { ...said, items };
  }
  const scored =
    message.type === LANE_TYPES.transactionInitiated && 'amount' in said
      ? { ...said, risk: verdictOf(message.data.risk) }
      : said;
  // The auditor counts in microseconds here.
  return 'expiresIn' in scored ? { ...scored, expiresIn: scored.expiresIn * US_IN_SECOND } : scored;
}

const sum = (rows: readonly Row[], column: string): bigint =>
  rows.reduce((total, row) => total + ((row[column] as bigint | null) ?? 0n), 0n);

/** I1, I2, I5 and I7, from the entries and holds alone. */
function problemsOfBooks({ tables }: MemoryBooks): string[] {
  const problems: string[] = [];
  const entries = Map.groupBy(tables.entries.values(), (row) => row['wallet_id']);
  const holds = Map.groupBy(tables.holds.values(), (row) => row['wallet_id']);
  for (const [id, wallet] of tables.wallets) {
    const own = (entries.get(id) ?? []).toSorted(
      (a, b) => Number(a['sequence']) - Number(b['sequence']),
    );
    let balance = 0n;
    for (const [i, entry] of own.entries()) {
      balance += entry['delta'] as bigint;
      if (entry['sequence'] === BigInt(i + 1) && entry['balance_after'] === balance) continue;
      problems.push(`entry ${i + 1} of wallet ${id} is not what follows`);
    }
    if (wallet['posted'] !== balance) problems.push(`wallet ${id} is not the sum of its entries`);
    const open = holds.get(id) ?? [];
    const held = sum(open, 'amount') - sum(open, 'captured') - sum(open, 'released');
    if (wallet['held'] !== held) problems.push(`wallet ${id} holds other than its holds`);
  }
  const currencies = Map.groupBy(tables.entries.values(), (row) => row['currency']);
  for (const [currency, all] of currencies) {
    if (sum(all, 'delta') !== 0n) problems.push(`${String(currency)} does not sum to zero`);
  }
  for (const { reason } of tables.dead_letters.values()) {
    problems.push(`a message was buried: ${String(reason)}`);
  }
  return problems;
}

interface ToldEvent {
  data: { sequence: number };
}

/** I6: of each partition all events, in order; what comes twice is the same. */
function problemsOfEvents({ books, events }: Finished): string[] {
  const problems: string[] = [];
  const told = new Map<number, string[]>();
  for (const { subject, data } of events.messages) {
    const partition = Number(subject.split('.')[1]);
    const known = told.get(partition) ?? [];
    told.set(partition, known);
    for (const event of JSON.parse(Buffer.from(data).toString()) as ToldEvent[]) {
      const text = JSON.stringify(event);
      const place = event.data.sequence - 1;
      if (place === known.length) known.push(text);
      else if (place > known.length) problems.push(`event ${partition}-${place} overtook another`);
      else if (known[place] !== text) problems.push(`event ${partition}-${place} changed`);
    }
  }
  for (const { partition, event_sequence: last } of books.tables.partitions.values()) {
    const count = told.get(Number(partition))?.length ?? 0;
    if (BigInt(count) === last) continue;
    problems.push(`partition ${String(partition)} told ${count} of ${String(last)} events`);
  }
  return problems;
}

/** I8: what was answered is in the books, and stays. */
function problemsOfAnswers({ books, answers }: Finished): string[] {
  const outcomes = answers.flatMap((text) => JSON.parse(text) as Outcome[]);
  return outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'transaction') return [];
    const { id, status } = outcome.transaction;
    const now = String(books.tables.transactions.get(id)?.['status']);
    const stays = status === 'pending' || status === 'held' || now === status;
    if (now !== 'undefined' && (stays || now === 'reversed')) return [];
    return [`transaction ${id} was answered as ${status} and is ${now}`];
  });
}
