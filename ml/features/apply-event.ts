import { unreachable } from '@florin/kernel';
import { addToWindow, moveInWindow } from './bucket-window.ts';
import { add, at, lower, raise } from './cells.ts';
import type { FoldedEvent, RequestContext, ScoredTransaction } from './folded-event.ts';
import { hashId, hashLink } from './id-hash.ts';
import { closenessBelowLimit } from './limits.ts';
import { LINK, openLink, settleLink, touchLink, type Stream } from './link-table.ts';
import {
  DAY,
  HOURS,
  IN_DAY,
  IN_MONTH,
  IN_WEEK,
  MONTH,
  P,
  SENDERS,
  WEEK,
} from './profile-layout.ts';
import {
  hashOfThing,
  openOwner,
  openProfile,
  payeeKey,
  type Profile,
  type Profiles,
} from './profiles.ts';
import { HOUR_MS, KIND, newestAttempt, pushAttempt, pushDecline } from './recent-attempts.ts';
import { toReferenceCents } from './reference-currency.ts';

type EventOf<Kind extends FoldedEvent['kind']> = Extract<FoldedEvent, { kind: Kind }>;

/**
 * Folds one event into the profiles. It reads no clock and draws no numbers: the same events give
 * the same bits, in training and at serving.
 *
 * Each of the three streams has its own order, but none for taking turns: a cell is written by
 * events of one stream only, or in a way whose order doesn't matter (sums of integers, the largest,
 * the smallest). What a wallet looks like in the end then only depends on what was told.
 */
export function apply(state: Profiles, event: FoldedEvent): void {
  const stream = STREAM_OF[event.kind];
  const { clocks } = state.links;
  const now = event.kind === 'initiated' ? event.transaction.at : event.at;
  clocks[stream] = Math.max(clocks[stream], now);
  applyKind(state, event);
}

const STREAM_OF: Record<FoldedEvent['kind'], Stream> = {
  initiated: 'orders',
  completed: 'ledger',
  held: 'ledger',
  failed: 'ledger',
  account: 'ledger',
  identified: 'labels',
  'credentials-changed': 'labels',
  erased: 'labels',
  reported: 'labels',
};

function applyKind(state: Profiles, event: FoldedEvent): void {
  switch (event.kind) {
    case 'initiated':
      return applyInitiated(state, event.transaction);
    case 'completed':
      return applyCompleted(state, event);
    case 'held':
      return noteBalance(openProfile(state, event.walletId, event.at), event, event.balance);
    case 'failed':
      return applyFailed(state, event);
    case 'account':
      return applyAccount(state, event);
    case 'identified':
      openOwner(state, event.ownerId).kycLevel = event.kycLevel;
      return undefined;
    case 'credentials-changed':
      openOwner(state, event.ownerId).credentialsAt = event.at;
      return undefined;
    case 'erased':
      state.owners.delete(hashId(event.ownerId));
      return undefined;
    case 'reported':
      return applyReported(state, event);
    default:
      return unreachable(event);
  }
}

function applyInitiated(state: Profiles, transaction: ScoredTransaction): void {
  const { at: now, type, walletId } = transaction;
  sweepAttempts(state, now);
  const profile = openProfile(state, walletId, now);
  const { row } = profile;
  const cents = toReferenceCents(transaction.amount, transaction.currency);
  raise(row, P.attemptAt, now);
  add(row, P.attempts, 1);
  add(row, HOURS.start + (Math.floor(now / HOURS.widthMs) % HOURS.count), 1);
  addToWindow(row, DAY, IN_DAY.attempts, now, 1);
  addToWindow(row, WEEK, IN_WEEK.attempts, now, 1);
  pushAttempt(profile.attempts, now, cents, type === 'deposit' ? KIND.credit : KIND.debit);
  if (type !== 'deposit') {
    addToWindow(row, DAY, IN_DAY.spent, now, cents);
    addToWindow(row, WEEK, IN_WEEK.spent, now, cents);
    addToWindow(row, MONTH, IN_MONTH.spent, now, cents);
  }
  if (closenessBelowLimit(cents) > 0) addToWindow(row, WEEK, IN_WEEK.below, now, 1);
  notePayee(state, profile, transaction);
  if (transaction.context) noteContext(state, row, now, transaction.context);
}

function notePayee(state: Profiles, profile: Profile, transaction: ScoredTransaction): void {
  const { at: now, counterpartyWalletId } = transaction;
  const payee = counterpartyWalletId ? state.wallets.get(counterpartyWalletId) : undefined;
  const link = openLink(state.links, payeeKey(profile, payee, transaction));
  const before = touchLink(state.links, link, now);
  moveInWindow(profile.row, DAY, IN_DAY.payees, before, now);
  if (before === 0) addToWindow(profile.row, WEEK, IN_WEEK.newPayees, now, 1);
}

/** What a wallet is used from. The things count the wallets that share them. */
function noteContext(
  { links }: Profiles,
  row: Float64Array,
  now: number,
  { deviceId, address, country, latitude, longitude }: RequestContext,
): void {
  if (deviceId !== undefined) {
    const before = noteThing(links, row, hashOfThing('device', deviceId), now);
    moveInWindow(row, MONTH, IN_MONTH.devices, before, now);
  }
  if (address !== undefined) noteThing(links, row, hashOfThing('address', address), now);
  if (country !== undefined) {
    const before = noteThing(links, row, hashOfThing('country', country), now);
    if (before === 0) add(row, P.countries, 1);
  }
  if (latitude !== undefined && longitude !== undefined) {
    row[P.latitude] = latitude;
    row[P.longitude] = longitude;
    row[P.placeAt] = now;
  }
}

/** Links a wallet to a thing, and tells when it was used before (0 = never). */
function noteThing(
  links: Profiles['links'],
  row: Float64Array,
  thing: number,
  now: number,
): number {
  const own = openLink(links, hashLink(at(row, P.hash), thing));
  const before = touchLink(links, own, now);
  const shared = openLink(links, thing);
  touchLink(links, shared, now);
  if (before === 0) add(links.cells, shared + LINK.wallets, 1);
  return before;
}

function applyCompleted(state: Profiles, event: EventOf<'completed'>): void {
  const { at: now, type, walletId, counterpartyWalletId } = event;
  const profile = openProfile(state, walletId, now);
  const payee = counterpartyWalletId ? openProfile(state, counterpartyWalletId, now) : undefined;
  const cents = toReferenceCents(event.amount, event.currency);
  const link = openLink(state.links, payeeKey(profile, payee, event));
  const before = settleLink(state.links, link, now, cents);
  noteBalance(profile, event, event.balance);
  if (type === 'deposit') noteCredit(profile.row, now, cents);
  else notePayment(profile.row, cents);
  if (!payee) return;
  noteBalance(payee, event, event.counterpartyBalance);
  noteCredit(payee.row, now, cents);
  moveInWindow(payee.row, DAY, IN_DAY.senders, before, now);
  moveInWindow(payee.row, WEEK, IN_WEEK.senders, before, now);
  noteSender(payee.row, at(profile.row, P.hash), now);
}

function noteBalance(
  { row }: Profile,
  { currency }: Pick<EventOf<'held'>, 'currency'>,
  balance: number | undefined,
): void {
  if (balance === undefined) return;
  row[P.balance] = toReferenceCents(balance, currency);
  row[P.balanceKnown] = 1;
}

function noteCredit(row: Float64Array, now: number, cents: number): void {
  raise(row, P.creditAt, now);
  row[P.credit] = cents;
  add(row, P.credits, 1);
  addToWindow(row, DAY, IN_DAY.received, now, cents);
  addToWindow(row, WEEK, IN_WEEK.received, now, cents);
}

/** Mean and spread of the logarithm, one payment at a time (Welford, 1962). */
function notePayment(row: Float64Array, cents: number): void {
  add(row, P.payments, 1);
  const log = Math.log(Math.max(cents, 1));
  const deviation = log - at(row, P.logMean);
  add(row, P.logMean, deviation / at(row, P.payments));
  add(row, P.logSquares, deviation * (log - at(row, P.logMean)));
  raise(row, P.largest, cents);
}

function noteSender(row: Float64Array, sender: number, now: number): void {
  const { start, count, stride } = SENDERS;
  let place = -1;
  for (let i = 0; i < count; i++) if (at(row, start + i * stride) === sender) place = i;
  if (place === -1) {
    place = at(row, P.senderCursor);
    row[P.senderCursor] = (place + 1) % count;
  }
  row[start + place * stride] = sender;
  row[start + place * stride + 1] = now;
}

function applyFailed(state: Profiles, { at: now, walletId }: EventOf<'failed'>): void {
  sweepDeclines(state, now);
  const profile = openProfile(state, walletId, now);
  pushDecline(profile.declines, now);
  addToWindow(profile.row, DAY, IN_DAY.declines, now, 1);
}

function applyAccount(state: Profiles, event: EventOf<'account'>): void {
  const { row } = openProfile(state, event.walletId, event.at);
  lower(row, P.openedAt, event.openedAt);
  row[P.owner] = hashId(event.ownerId);
}

function applyReported(state: Profiles, event: EventOf<'reported'>): void {
  const { at: now, counterpartyWalletId, deviceId, address } = event;
  add(openProfile(state, event.walletId, now).row, P.ownReports, 1);
  if (counterpartyWalletId !== undefined) {
    add(openProfile(state, counterpartyWalletId, now).row, P.receivedReports, 1);
  }
  if (deviceId !== undefined) noteReport(state, hashOfThing('device', deviceId), now);
  if (address !== undefined) noteReport(state, hashOfThing('address', address), now);
}

function noteReport({ links }: Profiles, thing: number, now: number): void {
  settleLink(links, openLink(links, thing), now, 0);
}

const DAY_MS = 86_400_000;

/** Once a day of event time: minute-exact memories of wallets that went quiet are given back. */
function sweepAttempts({ wallets, sweptDays, copying }: Profiles, now: number): void {
  const day = Math.floor(now / DAY_MS);
  if (day <= sweptDays.attempts) return;
  sweptDays.attempts = day;
  for (const profile of wallets.values()) {
    const newest = newestAttempt(profile.attempts);
    if (newest === undefined || newest > now - HOUR_MS) continue;
    copying?.keepProfile(profile);
    profile.attempts = [];
  }
}

/** The same for declines, which another stream tells. */
function sweepDeclines({ wallets, sweptDays, copying }: Profiles, now: number): void {
  const day = Math.floor(now / DAY_MS);
  if (day <= sweptDays.declines) return;
  sweptDays.declines = day;
  for (const profile of wallets.values()) {
    const newest = profile.declines.at(-1);
    if (newest === undefined || newest > now - HOUR_MS) continue;
    copying?.keepProfile(profile);
    profile.declines = [];
  }
}
