import { assert, present } from '@florin/kernel';
import type pg from 'pg';
import { jsonArray, jsonTextArray, plainArray, textArray } from '../adapters/array-literal.ts';
import {
  TOLD_ELSEWHERE,
  type AdjustmentState,
  type TransactionState,
  type WalletState,
} from '../domain/book.ts';
import type { Changes, DeadLetter } from '../domain/changes.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { writeAdjustments } from '../sql/adjustments.ts';
import { openWallets } from '../sql/open-wallets.ts';
import { postBatch, postBatchSpending } from '../sql/post-batch.ts';
import { reverseTransactions } from '../sql/reverse-transactions.ts';
import { settleTransactions } from '../sql/settle-transactions.ts';
import { writeConversions } from '../sql/write-conversions.ts';
import { writeDeadLetters } from '../sql/write-dead-letters.ts';
import { drawHolds, placeHolds } from '../sql/write-holds.ts';
import { writeFees } from '../sql/write-fees.ts';
import { writeFollowUps } from '../sql/write-follow-ups.ts';
import { writeLabels } from '../sql/write-labels.ts';
import { writeLimits } from '../sql/write-limits.ts';
import { writeOverdrafts } from '../sql/write-overdrafts.ts';
import { writeReviews } from '../sql/write-reviews.ts';
import { writeSplits } from '../sql/write-splits.ts';
import { writeStoredEvents } from '../sql/write-stored-events.ts';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import type { Posted } from './posted.ts';
import { writeCrossings } from './write-crossings.ts';

/** Writes the decisions of a batch. Statements that most batches don't need are left out. */
export async function writeChanges(
  client: pg.PoolClient,
  claims: readonly LaneClaim[],
  items: readonly LaneItem[],
  { changes, eventSequences }: Posted,
): Promise<void> {
  const opened = [...changes.wallets].filter((wallet) => wallet.isNew);
  if (opened.length > 0) await client.query(openWallets, openingParameters(opened));

  const overdrafts = [...changes.overdrafts];
  // The postings may need the highest, and what comes after them the last.
  if (overdrafts.length > 0) await client.query(writeOverdrafts, overdraftParameters(overdrafts));

  const changed = [...changes.wallets];
  const spending = changed.some(({ allowance }) => allowance !== null);
  const statement = spending ? postBatchSpending : postBatch;
  const { rows } = await client.query<{ wallets: number; partitions: number }>(statement, [
    ...transactionParameters(changes.newTransactions),
    ...entryParameters(changes.entries),
    ...walletParameters(changed),
    ...positionParameters(claims, items, eventSequences),
    ...(spending ? spendingParameters(changed) : []),
  ]);
  assert(rows[0]?.wallets === changed.length, 'a posting changed other wallets than it meant');
  assert(rows[0]?.partitions === claims.length, 'a posting moved other partitions than it meant');

  if (overdrafts.length > 0) {
    const last = overdrafts.map(([wallet]) => [wallet, wallet.overdraftLimit] as const);
    await client.query(writeOverdrafts, overdraftParameters(last));
  }
  await writeRareChanges(client, changes);
}

const overdraftParameters = (limits: readonly (readonly [WalletState, bigint])[]): string[] => [
  plainArray(limits.map(([wallet]) => wallet.id)),
  plainArray(limits.map(([, limit]) => limit)),
];

const labelParameters = (labelled: readonly TransactionState[]): unknown[] => [
  plainArray(labelled.map((state) => state.id)),
  jsonArray(labelled.map((state) => state.metadata)),
  plainArray(labelled.map((state) => state.createdAtUs)),
];

async function writeRareChanges(client: pg.PoolClient, changes: Changes): Promise<void> {
  const labelled = changes.newTransactions.filter(({ metadata }) => metadata !== null);
  if (labelled.length > 0) await client.query(writeLabels, labelParameters(labelled));
  const settled = [...changes.changedTransactions].filter(
    (state) => !changes.newTransactions.includes(state),
  );
  if (settled.length > 0) {
    const { rowCount } = await client.query(settleTransactions, settledParameters(settled));
    assert(rowCount === settled.length, 'a settled transaction was not open');
  }
  if (changes.limited.size > 0) {
    const { rowCount } = await client.query(writeLimits, limitParameters([...changes.limited]));
    assert(rowCount === changes.limited.size, 'a wallet with new limits does not exist');
  }
  const converted = changes.newTransactions.filter(({ conversion }) => conversion !== null);
  if (converted.length > 0) await client.query(writeConversions, conversionParameters(converted));
  if (changes.adjusted.size > 0) {
    const adjusted = adjustmentParameters([...changes.adjusted]);
    const { rowCount } = await client.query(writeAdjustments, adjusted);
    assert(rowCount === changes.adjusted.size, 'an adjustment was not written');
  }
  const parts = changes.newTransactions.filter(({ splitId }) => splitId !== null);
  if (parts.length > 0) {
    await client.query(writeSplits, [
      plainArray(parts.map((state) => state.id)),
      plainArray(parts.map((state) => state.splitId)),
    ]);
  }
  const charged = changes.newTransactions.filter(({ fee }) => fee !== null);
  if (charged.length > 0) await client.query(writeFees, feeParameters(charged));
  if (changes.followUps.length > 0) {
    const followUps = changes.followUps.map(({ followUp }) =>
      present(followUp, 'what a follow-up follows from'),
    );
    await client.query(writeFollowUps, [
      plainArray(changes.followUps.map((state) => state.id)),
      plainArray(followUps.map(({ relatedId }) => relatedId)),
      plainArray(followUps.map(({ remaining }) => remaining)),
      plainArray(followUps.map(({ endsHold }) => String(endsHold))),
    ]);
  }
  if (changes.reversed.size > 0) {
    const reversed = [...changes.reversed.values()];
    const { rowCount } = await client.query(reverseTransactions, [
      plainArray(reversed.map((state) => state.id)),
      plainArray(reversed.map((state) => state.status)),
      plainArray(reversed.map((state) => state.reversed)),
    ]);
    assert(rowCount === reversed.length, 'a reversed transaction was not completed');
  }
  if (changes.newHolds.length > 0) {
    await client.query(placeHolds, [
      plainArray(changes.newHolds.map((hold) => hold.transactionId)),
      plainArray(changes.newHolds.map((hold) => hold.walletId)),
      plainArray(changes.newHolds.map((hold) => hold.amount)),
      plainArray(changes.newHolds.map((hold) => isoFromMicros(hold.placedAtUs))),
      plainArray(changes.newHolds.map((hold) => isoOrNull(hold.expiresAtUs))),
    ]);
  }
  if (changes.drawnHolds.size > 0) {
    const drawn = [...changes.drawnHolds.values()];
    const { rowCount } = await client.query(drawHolds, [
      plainArray([...changes.drawnHolds.keys()]),
      plainArray(drawn.map((hold) => hold.captured)),
      plainArray(drawn.map((hold) => hold.released)),
      plainArray(drawn.map((hold) => isoOrNull(hold.settledAtUs))),
    ]);
    assert(rowCount === drawn.length, 'a hold that was drawn on does not exist');
  }
  if (changes.reviewed.size > 0) {
    const reviews = reviewParameters([...changes.reviewed]);
    const { rowCount } = await client.query(writeReviews, reviews);
    assert(rowCount === changes.reviewed.size, 'a review was not written');
  }
  await writeCrossings(client, changes);
  const stored = changes.events.filter((event) => event.isStored);
  if (stored.length > 0) {
    await client.query(writeStoredEvents, [
      plainArray(stored.map((event) => event.partition)),
      plainArray(stored.map((event) => event.sequence)),
      plainArray(stored.map((event) => event.name)),
      jsonTextArray(stored.map((event) => event.json())),
    ]);
  }
  if (changes.deadLetters.length > 0) {
    await client.query(writeDeadLetters, deadLetterParameters(changes.deadLetters));
  }
}

function adjustmentParameters(states: readonly AdjustmentState[]): string[] {
  return [
    plainArray(states.map((state) => state.id)),
    plainArray(states.map((state) => state.partition)),
    plainArray(states.map((state) => state.walletId)),
    plainArray(states.map((state) => state.direction)),
    plainArray(states.map((state) => state.amount)),
    plainArray(states.map((state) => state.currency)),
    textArray(states.map((state) => state.reason)),
    plainArray(states.map((state) => state.bodyHash)),
    plainArray(states.map((state) => state.proposedBy)),
    plainArray(states.map((state) => isoFromMicros(state.proposedAtUs))),
    plainArray(states.map((state) => isoFromMicros(state.expiresAtUs))),
    plainArray(states.map((state) => state.status)),
    plainArray(states.map((state) => state.decidedBy)),
    plainArray(states.map((state) => isoOrNull(state.decidedAtUs))),
    textArray(states.map((state) => state.note)),
  ];
}

function feeParameters(states: readonly TransactionState[]): string[] {
  const fees = states.map(({ fee }) => present(fee, 'fee of a transaction that has one'));
  return [
    plainArray(states.map((state) => state.id)),
    plainArray(fees.map(({ amount }) => amount)),
    plainArray(fees.map(({ paidBy }) => paidBy)),
    plainArray(fees.map(({ scheduleVersion }) => scheduleVersion)),
  ];
}

function conversionParameters(states: readonly TransactionState[]): string[] {
  const conversions = states.map(({ conversion }) => present(conversion, 'quote of a conversion'));
  return [
    plainArray(states.map((state) => state.id)),
    plainArray(conversions.map(({ quoteId }) => quoteId)),
    plainArray(conversions.map(({ usesQuote }) => String(usesQuote))),
    plainArray(states.map((state) => state.currency)),
    plainArray(states.map((state) => state.amount)),
    plainArray(conversions.map(({ toCurrency }) => toCurrency)),
    plainArray(conversions.map(({ toAmount }) => toAmount)),
    plainArray(conversions.map(({ rate }) => rate)),
    plainArray(conversions.map(({ baseCurrency }) => baseCurrency)),
    plainArray(conversions.map(({ fromValue }) => fromValue)),
    plainArray(conversions.map(({ toValue }) => toValue)),
  ];
}

export const deadLetterParameters = (letters: readonly DeadLetter[]): string[] => [
  plainArray(letters.map((letter) => letter.partition)),
  plainArray(letters.map((letter) => letter.streamSequence)),
  plainArray(letters.map((letter) => letter.item)),
  textArray(letters.map((letter) => letter.reason)),
  plainArray(letters.map((letter) => Buffer.from(letter.body).toString('base64'))),
];

const isoOrNull = (us: number | null): string | null => (us === null ? null : isoFromMicros(us));

function transactionParameters(states: readonly TransactionState[]): string[] {
  const plain = (read: (state: TransactionState) => string | number | bigint | null) =>
    plainArray(states.map(read));
  const text = (read: (state: TransactionState) => string | null) => textArray(states.map(read));
  return [
    plain((t) => t.id),
    plain((t) => t.partition),
    plain((t) => (t.eventSequence === TOLD_ELSEWHERE ? null : t.eventSequence)),
    plain((t) => t.type),
    plain((t) => t.status),
    plain((t) => t.walletId),
    plain((t) => t.counterpartyWalletId),
    plain((t) => t.amount),
    plain((t) => t.currency),
    text((t) => t.clientId),
    plain((t) => t.bodyHash),
    text((t) => t.origin),
    plain((t) => t.failureCode),
    plain((t) => t.walletSequence),
    plain((t) => t.counterpartySequence),
    plain((t) => t.walletPosted),
    plain((t) => t.walletHeld),
    // As text: there may be a bank whose name Postgres would take for NULL.
    text((t) => t.bankAccount),
    text((t) => t.description),
    jsonArray(states.map((t) => t.metadata)),
    jsonArray(states.map((t) => t.risk)),
    plain((t) => t.createdAtUs),
    plain((t) => t.completedAtUs),
  ];
}

function entryParameters(entries: Changes['entries']): string[] {
  return [
    plainArray(entries.map((entry) => entry.walletId)),
    plainArray(entries.map((entry) => entry.sequence)),
    plainArray(entries.map((entry) => entry.transactionId)),
    plainArray(entries.map((entry) => entry.currency)),
    plainArray(entries.map((entry) => entry.delta)),
    plainArray(entries.map((entry) => entry.balanceAfter)),
    plainArray(entries.map((entry) => entry.createdAtUs)),
  ];
}

function walletParameters(wallets: readonly WalletState[]): string[] {
  return [
    plainArray(wallets.map((wallet) => wallet.id)),
    plainArray(wallets.map((wallet) => wallet.posted)),
    plainArray(wallets.map((wallet) => wallet.held)),
    plainArray(wallets.map((wallet) => wallet.sequence)),
    plainArray(wallets.map((wallet) => wallet.version)),
    plainArray(wallets.map((wallet) => wallet.status)),
    plainArray(wallets.map((wallet) => wallet.changedAtUs)),
  ];
}

const spendingParameters = (wallets: readonly WalletState[]): string[] => [
  plainArray(wallets.map(({ allowance }) => allowance?.spentDay ?? 0n)),
  plainArray(wallets.map(({ allowance }) => allowance?.spentMonth ?? 0n)),
];

function limitParameters(wallets: readonly WalletState[]): string[] {
  return [
    plainArray(wallets.map((wallet) => wallet.id)),
    plainArray(wallets.map(({ allowance }) => allowance?.perTransaction ?? null)),
    plainArray(wallets.map(({ allowance }) => allowance?.perDay ?? null)),
    plainArray(wallets.map(({ allowance }) => allowance?.perMonth ?? null)),
  ];
}

function openingParameters(wallets: readonly WalletState[]): string[] {
  return [
    plainArray(wallets.map((wallet) => wallet.id)),
    plainArray(wallets.map((wallet) => wallet.partition)),
    plainArray(wallets.map((wallet) => wallet.kind)),
    plainArray(wallets.map((wallet) => wallet.ownerId)),
    textArray(wallets.map((wallet) => wallet.name)),
    plainArray(wallets.map((wallet) => wallet.currency)),
    plainArray(wallets.map((wallet) => wallet.overdraftLimit)),
    plainArray(wallets.map((wallet) => isoFromMicros(wallet.createdAtUs))),
    plainArray(wallets.map((wallet) => wallet.purpose)),
  ];
}

function settledParameters(states: readonly TransactionState[]): string[] {
  return [
    plainArray(states.map((state) => state.id)),
    plainArray(states.map((state) => state.status)),
    plainArray(states.map((state) => state.failureCode)),
    plainArray(states.map((state) => state.walletSequence)),
    plainArray(states.map((state) => state.counterpartySequence)),
    plainArray(states.map((state) => state.walletPosted)),
    plainArray(states.map((state) => state.walletHeld)),
    plainArray(states.map((state) => isoOrNull(state.completedAtUs))),
  ];
}

function reviewParameters(states: readonly TransactionState[]): string[] {
  const reviews = states.map(({ review }) => present(review, 'review that was written'));
  return [
    plainArray(states.map((state) => state.id)),
    plainArray(states.map((state) => state.walletId)),
    plainArray(states.map((state) => state.partition)),
    plainArray(reviews.map((review) => review.status)),
    plainArray(reviews.map((review) => isoFromMicros(review.openedAtUs))),
    plainArray(reviews.map((review) => isoFromMicros(review.expiresAtUs))),
    plainArray(reviews.map((review) => isoOrNull(review.decidedAtUs))),
    textArray(reviews.map((review) => review.decidedBy)),
    textArray(reviews.map((review) => review.note)),
  ];
}

function positionParameters(
  claims: readonly LaneClaim[],
  items: readonly LaneItem[],
  eventSequences: ReadonlyMap<number, number>,
): string[] {
  const last = new Map(items.map((item) => [item.partition, item]));
  const ends = claims.map((claim) => {
    const item = last.get(claim.partition);
    assert(item !== undefined, 'a claimed partition has no item in the batch');
    return { ...claim, item, eventSequence: eventSequences.get(claim.partition) ?? 0 };
  });
  return [
    plainArray(ends.map((end) => end.partition)),
    plainArray(ends.map((end) => end.item.sequence)),
    textArray(ends.map((end) => end.item.messageId)),
    plainArray(ends.map((end) => end.eventSequence)),
    plainArray(ends.map((end) => end.publishedSequence)),
    plainArray(ends.map((end) => end.watchedPosition)),
  ];
}
