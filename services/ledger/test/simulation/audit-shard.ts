import { LANE_TYPES, type LaneMessage, type Risk } from '@florin/contracts';
import { createAuditorModel, type AuditedCommand } from '@florin/testing';
import { orderedIds } from '../../domain/reused-key.ts';
import { createAuditedCrossings } from './audit-crossings.ts';
import { REVIEW_FOR_MS } from './simulated-ledger.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';
import type { SimulatedTraffic } from './simulated-traffic.ts';

const US_IN_SECOND = 1_000_000;

/** The same commands in the order of their commits, told to the auditor's model. */
export function problemsWithModel(
  { books, commits }: SimulatedShard,
  shards: SimulatedShards,
  { commandOf }: Pick<SimulatedTraffic, 'commandOf'>,
): string[] {
  const auditor = createAuditorModel(REVIEW_FOR_MS * 1000);
  const crossings = createAuditedCrossings(auditor, shards);
  /** How many batches had been committed when a wallet was opened, or a transaction decided. */
  const madeAfter = new Map<string, number>();
  for (const [after, { items, decidedAtUs, seen = after, used }] of commits.entries()) {
    const isUnseen = (id: string): boolean => {
      const made = madeAfter.get(id) ?? after;
      return seen <= made && made < after;
    };
    let place = 0;
    for (const { messageId, commands } of items) {
      for (const { message } of commands) {
        const asked = asDecided(message, commandOf(messageId));
        const atUs = decidedAtUs[place++] ?? Number.NaN;
        const keys = orderedIds(message);
        const isKnown = keys.some((id) => auditor.transactions.has(id));
        // Refused for its key: whether that was right is for `problemsOfKeys` to say.
        if (!isKnown && keys.some((id) => used?.has(id))) continue;
        for (const command of crossings.ofLetter(message) ?? (asked ? [asked] : [])) {
          auditor.apply(asSeen(crossings.ofOrder(command, used), isUnseen), atUs);
          for (const id of idsOf(command)) {
            const isMade = auditor.wallets.has(id) || auditor.transactions.has(id);
            if (isMade && !madeAfter.has(id)) madeAfter.set(id, after);
          }
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
    if (crossings.isElsewhere(id)) continue;
    const row = books.tables.wallets.get(id) ?? {};
    const is = { posted: row['posted'], held: row['held'], entries: Number(row['sequence']) };
    compare(`wallet ${id}`, { ...is, status: row['status'] }, { posted, held, entries, status });
  }
  const audited = new Map([...auditor.transactions, ...crossings.unknown]);
  for (const [id, told] of audited) {
    if (crossings.isElsewhere(id)) continue;
    const { status, code, review } = crossings.asWritten(id, told);
    const row = books.tables.transactions.get(id) ?? {};
    const is = { status: row['status'], code: row['failure_code'] ?? undefined };
    const reviewed = books.tables.reviews.get(id)?.['status'];
    compare(`transaction ${id}`, { ...is, review: reviewed }, { status, code, review });
  }
  for (const [id, row] of books.tables.transactions) {
    if (!audited.has(id)) compare(`transaction ${id}`, row, undefined);
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
