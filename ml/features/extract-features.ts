import { sumOfWindow } from './bucket-window.ts';
import { at } from './cells.ts';
import { F, FEATURES } from './feature-table.ts';
import type { RequestContext, ScoredTransaction } from './folded-event.ts';
import { greatCircleKm } from './great-circle.ts';
import { hashLink } from './id-hash.ts';
import { closenessBelowLimit, SMALL_CENTS } from './limits.ts';
import { findLink, lastSettled, lastTried, LINK, type LinkTable } from './link-table.ts';
import {
  DAY,
  HOURS,
  IN_DAY,
  IN_MONTH,
  IN_WEEK,
  MONTH,
  P,
  PROFILE_CELLS,
  SENDERS,
  WEEK,
} from './profile-layout.ts';
import { hashOfThing, ownerOf, payeeKey, type Profile, type Profiles } from './profiles.ts';
import { countAttempts, countDeclines, type RecentCounts } from './recent-attempts.ts';
import { toReferenceCents } from './reference-currency.ts';

const DEFAULTS = Float32Array.from(FEATURES, (feature) => feature.default);
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What every group of features needs to know about the transaction at hand. */
interface Subject {
  state: Profiles;
  links: LinkTable;
  now: number;
  cents: number;
  /** 1 when money leaves the wallet, 0 for a deposit: windows of money sent count it or not. */
  out: 0 | 1;
  transaction: ScoredTransaction;
  /** Absent for a wallet that was never heard of. */
  profile: Profile | undefined;
  payee: Profile | undefined;
}

/**
 * A transaction's features in the units of the table, before it is applied to the profiles: windows
 * end with this transaction and contain it. Reads only, a few microseconds.
 */
export function extract(
  state: Profiles,
  transaction: ScoredTransaction,
  out: Float32Array = new Float32Array(DEFAULTS.length),
): Float32Array {
  out.set(DEFAULTS);
  const { counterpartyWalletId, walletId } = transaction;
  const subject: Subject = {
    state,
    links: state.links,
    now: transaction.at,
    cents: toReferenceCents(transaction.amount, transaction.currency),
    out: transaction.type === 'deposit' ? 0 : 1,
    transaction,
    profile: state.wallets.get(walletId),
    payee: counterpartyWalletId ? state.wallets.get(counterpartyWalletId) : undefined,
  };
  writeTransaction(out, subject);
  writeVelocity(out, subject);
  if (subject.profile) {
    writeHabits(out, subject, subject.profile.row);
    writeAccount(out, subject, subject.profile.row);
    writePayee(out, subject, subject.profile);
    writeFlow(out, subject, subject.profile.row);
  } else {
    out[F.age] = 0;
    out[F.firstPayment] = 1;
    out[F.newPayees7d] = out[F.payees24h] = 1;
  }
  if (counterpartyWalletId !== undefined) writeNetwork(out, subject);
  if (transaction.context) writeContext(out, subject, transaction.context);
  return out;
}

function writeTransaction(out: Float32Array, { now, cents, transaction }: Subject): void {
  out[F.amount] = cents / 100;
  out[F.roundness] = roundnessOf(transaction.amount);
  out[F.deposit] = transaction.type === 'deposit' ? 1 : 0;
  out[F.withdrawal] = transaction.type === 'withdrawal' ? 1 : 0;
  const angle = ((now % DAY_MS) / DAY_MS) * 2 * Math.PI;
  out[F.hourSine] = Math.sin(angle);
  out[F.hourCosine] = Math.cos(angle);
  // 1970-01-01 was a Thursday.
  out[F.weekend] = ((Math.floor(now / DAY_MS) + 4) % 7) % 6 === 0 ? 1 : 0;
  out[F.belowLimit] = closenessBelowLimit(cents);
}

/** How many of the last four digits are zeros: 100.00 is rounder than 15.00 or 14.50. */
function roundnessOf(minor: number): number {
  let zeros = 0;
  for (let unit = 10; unit <= 10_000 && minor % unit === 0; unit *= 10) zeros += 1;
  return zeros / 4;
}

const recentCounts: RecentCounts = {
  attempts5m: 0,
  attempts1h: 0,
  small1h: 0,
  spent1h: 0,
};

function writeVelocity(out: Float32Array, { profile, now, cents, out: sent }: Subject): void {
  const row = profile?.row ?? NOTHING;
  countAttempts(profile?.attempts ?? [], now, SMALL_CENTS, recentCounts);
  const spent = sent * cents;
  out[F.attempts5m] = recentCounts.attempts5m + 1;
  out[F.attempts1h] = recentCounts.attempts1h + 1;
  out[F.attempts24h] = sumOfWindow(row, DAY, IN_DAY.attempts, now) + 1;
  out[F.attempts7d] = sumOfWindow(row, WEEK, IN_WEEK.attempts, now) + 1;
  out[F.spent1h] = (recentCounts.spent1h + spent) / 100;
  out[F.spent24h] = (sumOfWindow(row, DAY, IN_DAY.spent, now) + spent) / 100;
  out[F.spent7d] = (sumOfWindow(row, WEEK, IN_WEEK.spent, now) + spent) / 100;
  out[F.spent30d] = (sumOfWindow(row, MONTH, IN_MONTH.spent, now) + spent) / 100;
  out[F.declines1h] = countDeclines(profile?.declines ?? [], now);
  out[F.declines24h] = sumOfWindow(row, DAY, IN_DAY.declines, now);
  out[F.small1h] = recentCounts.small1h + (cents < SMALL_CENTS ? 1 : 0);
  const below = closenessBelowLimit(cents) > 0 ? 1 : 0;
  out[F.belowLimit7d] = sumOfWindow(row, WEEK, IN_WEEK.below, now) + below;
  const last = at(row, P.attemptAt);
  if (last > 0) out[F.sinceLast] = Math.max(0, now - last) / 1000;
}

/** Too few payments say nothing about habits. */
const PAYMENTS_FOR_HABITS = 3;
/** A wallet that always sends the same amount may still send a tenth more. */
const SPREAD_MIN = 0.1;

function writeHabits(out: Float32Array, subject: Subject, row: Float64Array): void {
  const { cents, now } = subject;
  const attempts = at(row, P.attempts);
  if (attempts >= PAYMENTS_FOR_HABITS) {
    out[F.hourFamiliar] =
      at(row, HOURS.start + (Math.floor(now / HOURS.widthMs) % HOURS.count)) / attempts;
  }
  const payments = at(row, P.payments);
  if (subject.out === 0 || payments < PAYMENTS_FOR_HABITS) return;
  const log = Math.log(Math.max(cents, 1));
  const mean = at(row, P.logMean);
  const spread = Math.sqrt(at(row, P.logSquares) / payments) + SPREAD_MIN;
  out[F.overMean] = Math.exp(log - mean);
  out[F.deviation] = Math.max(-8, Math.min(8, (log - mean) / spread));
  out[F.overLargest] = cents / Math.max(at(row, P.largest), 1);
  const usualDay = (sumOfWindow(row, MONTH, IN_MONTH.spent, now) - spentToday(row, now)) / 30;
  out[F.dayOverUsual] = (spentToday(row, now) + cents + 1000) / (Math.max(usualDay, 0) + 1000);
}

const spentToday = (row: Float64Array, now: number): number =>
  sumOfWindow(row, DAY, IN_DAY.spent, now);

function writeAccount(out: Float32Array, subject: Subject, row: Float64Array): void {
  const { cents, now } = subject;
  const { kycLevel, credentialsAt } = ownerOf(subject.state, row);
  out[F.age] = daysSince(at(row, P.openedAt), now);
  out[F.kycLevel] = kycLevel;
  out[F.lifetime] = at(row, P.attempts);
  const lastActive = at(row, P.attemptAt) || at(row, P.openedAt);
  out[F.dormant] = daysSince(lastActive, now);
  if (credentialsAt > 0) {
    out[F.sinceCredentials] = Math.max(0, now - credentialsAt) / HOUR_MS;
  }
  out[F.ownReports] = at(row, P.ownReports);
  if (subject.out === 1 && at(row, P.balanceKnown) === 1) {
    out[F.balanceShare] = Math.min(1, cents / Math.max(at(row, P.balance), 1));
  }
}

const daysSince = (then: number, now: number): number => Math.max(0, now - then) / DAY_MS;

function writePayee(out: Float32Array, subject: Subject, profile: Profile): void {
  const { links, now, cents, payee, transaction } = subject;
  const link = findLink(links, payeeKey(profile, payee, transaction));
  const tried = lastTried(links, link, now);
  const paidToday = tried > now - DAY_MS ? 0 : 1;
  out[F.payees24h] = sumOfWindow(profile.row, DAY, IN_DAY.payees, now) + paidToday;
  const isNew = tried === 0 ? 1 : 0;
  out[F.newPayees7d] = sumOfWindow(profile.row, WEEK, IN_WEEK.newPayees, now) + isNew;
  const isFirst = lastSettled(links, link, now) === 0;
  out[F.firstPayment] = isFirst ? 1 : 0;
  if (tried > 0 && !isFirst) out[F.known] = daysSince(at(links.cells, link + LINK.firstAt), now);
  if (isFirst) return;
  const payments = at(links.cells, link + LINK.count);
  out[F.payments] = payments;
  out[F.overPayeeMean] = (cents * payments) / Math.max(at(links.cells, link + LINK.total), 1);
}

function writeNetwork(out: Float32Array, { payee, now }: Subject): void {
  if (!payee) {
    out[F.payeeAge] = 0;
    return;
  }
  const { row } = payee;
  out[F.payeeAge] = daysSince(at(row, P.openedAt), now);
  out[F.payeeSenders24h] = sumOfWindow(row, DAY, IN_DAY.senders, now);
  out[F.payeeSenders7d] = sumOfWindow(row, WEEK, IN_WEEK.senders, now);
  out[F.payeeReceived24h] = sumOfWindow(row, DAY, IN_DAY.received, now) / 100;
  const received = sumOfWindow(row, WEEK, IN_WEEK.received, now);
  if (received > 0) {
    out[F.payeeForwards] = Math.min(2, sumOfWindow(row, WEEK, IN_WEEK.spent, now) / received);
  }
  const reports = at(row, P.receivedReports);
  out[F.payeeReportRate] = Math.min(1, reports / Math.max(at(row, P.credits), 1));
}

function writeFlow(out: Float32Array, subject: Subject, row: Float64Array): void {
  const { now, cents } = subject;
  const received = sumOfWindow(row, DAY, IN_DAY.received, now);
  out[F.received24h] = received / 100;
  out[F.senders24h] = sumOfWindow(row, DAY, IN_DAY.senders, now);
  out[F.senders7d] = sumOfWindow(row, WEEK, IN_WEEK.senders, now);
  const creditAt = at(row, P.creditAt);
  if (creditAt === 0) return;
  out[F.sinceCredit] = Math.max(0, now - creditAt) / 60_000;
  if (subject.out === 0) return;
  out[F.overCredit] = Math.min(2, cents / Math.max(at(row, P.credit), 1));
  if (received > 0) out[F.passThrough] = Math.min(2, (spentToday(row, now) + cents) / received);
  if (subject.payee) writeCircles(out, subject, row, subject.payee.row);
}

const CIRCLE_MS = 7 * DAY_MS;

/** A circle of two: the payee just paid me. Of three: the payee just paid somebody who paid me. */
function writeCircles(
  out: Float32Array,
  { links, now }: Subject,
  row: Float64Array,
  payeeRow: Float64Array,
): void {
  const payee = at(payeeRow, P.hash);
  for (let i = 0; i < SENDERS.count; i++) {
    const place = SENDERS.start + i * SENDERS.stride;
    const sender = at(row, place);
    if (sender === 0 || at(row, place + 1) <= now - CIRCLE_MS) continue;
    if (sender === payee) out[F.returns] = 1;
    const link = findLink(links, hashLink(payee, sender));
    if (lastSettled(links, link, now) > now - CIRCLE_MS) out[F.circles] = 1;
  }
}

function writeContext(out: Float32Array, subject: Subject, context: RequestContext): void {
  const { deviceId, address, country } = context;
  const { links, now } = subject;
  const row = subject.profile?.row ?? NOTHING;
  out[F.noContext] = 0;
  if (deviceId !== undefined) writeDevice(out, subject, row, deviceId);
  if (address !== undefined) {
    const thing = hashOfThing('address', address);
    out[F.addressWallets] = walletsOf(subject, row, thing);
    out[F.originReports] = (out[F.originReports] as number) + reportsOf(subject, thing);
  }
  if (country !== undefined && at(row, P.countries) > 0) {
    const own = findLink(links, hashLink(at(row, P.hash), hashOfThing('country', country)));
    out[F.newCountry] = lastTried(links, own, now) === 0 ? 1 : 0;
  }
  out[F.speed] = speedOf(row, now, context);
}

function writeDevice(
  out: Float32Array,
  subject: Subject,
  row: Float64Array,
  deviceId: string,
): void {
  const { links, now } = subject;
  const thing = hashOfThing('device', deviceId);
  const own = findLink(links, hashLink(at(row, P.hash), thing));
  const isNew = lastTried(links, own, now) === 0;
  out[F.newDevice] = isNew ? 1 : 0;
  out[F.deviceKnown] = isNew ? 0 : daysSince(at(links.cells, own + LINK.firstAt), now);
  out[F.deviceWallets] = walletsOf(subject, row, thing);
  out[F.devices30d] = sumOfWindow(row, MONTH, IN_MONTH.devices, now) + (isNew ? 1 : 0);
  out[F.originReports] = reportsOf(subject, thing);
}

/** The wallets that used a thing, this one included. */
function walletsOf({ links, now }: Subject, row: Float64Array, thing: number): number {
  const shared = findLink(links, thing);
  const others = lastTried(links, shared, now) === 0 ? 0 : at(links.cells, shared + LINK.wallets);
  const own = findLink(links, hashLink(at(row, P.hash), thing));
  return others + (lastTried(links, own, now) === 0 ? 1 : 0);
}

function reportsOf({ links, now }: Subject, thing: number): number {
  const shared = findLink(links, thing);
  return lastSettled(links, shared, now) === 0 ? 0 : at(links.cells, shared + LINK.count);
}

/** Two requests within a minute from places 20 km apart are an imprecise address, not a journey. */
const TRAVEL_HOURS_MIN = 0.25;
const SPEED_MAX = 20_000;

function speedOf(row: Float64Array, now: number, { latitude, longitude }: RequestContext): number {
  if (latitude === undefined || longitude === undefined || at(row, P.placeAt) === 0) return 0;
  const km = greatCircleKm(at(row, P.latitude), at(row, P.longitude), latitude, longitude);
  const hours = Math.max((now - at(row, P.placeAt)) / HOUR_MS, TRAVEL_HOURS_MIN);
  return Math.min(km / hours, SPEED_MAX);
}

/** The row of a wallet that was never heard of. */
const NOTHING = new Float64Array(PROFILE_CELLS);
