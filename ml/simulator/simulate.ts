import type { FoldedEvent, RequestContext, ScoredTransaction } from '../features/folded-event.ts';
import { createChance, type Chance } from './chance.ts';
import { planDay } from './daily-life.ts';
import { planLifeEvents } from './life-events.ts';
import { FAR_CITIES } from './places.ts';
import { carrierAddress, createPopulation } from './population.ts';
import { planFrauds } from './typologies.ts';
import {
  DAY_MS,
  plan,
  type Planned,
  type PlannedTransaction,
  type Typology,
  type Wallet,
  type World,
} from './world.ts';

export interface SimulationOptions {
  seed: number;
  wallets: number;
  days: number;
  /** From this day on life and fraud differ from before; default: never. */
  driftFromDay?: number;
  /** From this day on there is a typology that was never there before; default: never. */
  unseenFromDay?: number;
}

/** An event with what only the simulator knows: evaluation may look at it, a model never. */
export interface SimulatedEvent {
  day: number;
  event: FoldedEvent;
  typology?: Typology | undefined;
  /** Which legitimate thing that looks like fraud it is. */
  hard?: string | undefined;
  /** When it will be reported as fraud, rightly or not: what a training label is made of. */
  reportedAt?: number | undefined;
}

const SETTLES_AFTER_MS = 140;
/** Day 0 of every simulation: a Wednesday. */
export const SIMULATION_START = Date.UTC(2025, 0, 1);

/** Streams the events of a simulated world in time order. The same options give the same events. */
export function* simulate(options: SimulationOptions): Generator<SimulatedEvent> {
  const { wallets, days, driftFromDay = Infinity, unseenFromDay = Infinity } = options;
  const world = createWorld(options);
  const pending: PlannedTransaction[] = [];
  yield* opened(world);
  for (let day = 0; day < days; day++) {
    world.drift = day >= driftFromDay ? 1 : 0;
    planWorld(world, day);
    planFrauds(world, day, { wallets, unseenFromDay });
    const agenda = (world.agenda.get(day) ?? []).toSorted((a, b) => a.at - b.at);
    world.agenda.delete(day);
    for (const planned of agenda) {
      yield* settleUntil(world, pending, planned.at, day);
      yield* happen(world, pending, planned, day);
    }
  }
  yield* settleUntil(world, pending, Infinity, days - 1);
}

function createWorld(options: SimulationOptions): World {
  const chance = createChance(options.seed);
  const wallets = createPopulation(chance, options.wallets);
  const isBusiness = ({ archetype }: Wallet): boolean =>
    archetype === 'merchant' || archetype === 'employer' || archetype === 'landlord';
  return {
    startsAt: SIMULATION_START,
    chance,
    wallets,
    people: wallets.filter((wallet) => !isBusiness(wallet)),
    businesses: wallets.filter(isBusiness),
    agenda: new Map(),
    mules: [],
    drift: 0,
  };
}

/** What is known of wallets that were there before the simulation begins. */
function* opened(world: World): Generator<SimulatedEvent> {
  for (const wallet of world.wallets) {
    if (wallet.openedDay >= 0) continue;
    const openedAt = world.startsAt + wallet.openedDay * DAY_MS;
    wallet.balance = Math.round(wallet.purchase * world.chance.around(900, 1.2));
    yield* introduced(wallet, world.startsAt, openedAt, 0);
  }
}

/** A wallet, and how well its owner proved who they are. */
function* introduced(
  { id: walletId, kycLevel }: Wallet,
  at: number,
  openedAt: number,
  day: number,
): Generator<SimulatedEvent> {
  const ownerId = ownerOf(walletId);
  yield { day, event: { kind: 'identified', at, ownerId, kycLevel } };
  yield { day, event: { kind: 'account', at, walletId, ownerId, openedAt } };
}

/** Everybody has one wallet. */
const ownerOf = (walletId: string): string => `owner of ${walletId}`;

function planWorld(world: World, day: number): void {
  for (const wallet of world.people) {
    if (wallet.awayUntilDay === day) wallet.place = wallet.home;
    planDay(world, wallet, day);
    planLifeEvents(world, wallet, day);
  }
  for (const wallet of world.businesses) planDay(world, wallet, day);
}

function* happen(
  world: World,
  pending: PlannedTransaction[],
  planned: Planned,
  day: number,
): Generator<SimulatedEvent> {
  switch (planned.kind) {
    case 'transaction':
      return yield* initiate(world, pending, planned, day);
    case 'opening': {
      const at = Math.floor(planned.at);
      return yield* introduced(planned.wallet, at, at, day);
    }
    case 'credentials': {
      const at = Math.floor(planned.at);
      const ownerId = ownerOf(planned.wallet.id);
      yield { day, event: { kind: 'credentials-changed', at, ownerId } };
      return;
    }
    case 'phone':
      planned.wallet.phones += 1;
      planned.wallet.phone = `phone-${planned.wallet.index}-${planned.wallet.phones}`;
      return;
    case 'report': {
      const { walletId, counterpartyWalletId, context } = planned.transaction;
      const { deviceId, address } = context ?? {};
      const { at } = planned;
      const event = { kind: 'reported', at, walletId, counterpartyWalletId, deviceId, address };
      yield { day, event: event as FoldedEvent };
    }
  }
}

function* initiate(
  world: World,
  pending: PlannedTransaction[],
  planned: PlannedTransaction,
  day: number,
): Generator<SimulatedEvent> {
  const { wallet, type, typology, hard } = planned;
  const amount = amountOf(planned);
  if (amount < 20) return;
  const transaction: ScoredTransaction = {
    at: Math.floor(planned.at),
    type,
    walletId: wallet.id,
    counterpartyWalletId: planned.payee?.id,
    bankAccount: planned.bankAccount,
    amount,
    currency: wallet.region.currency,
    context: planned.context ?? contextOf(world.chance, wallet),
  };
  const event: FoldedEvent = { kind: 'initiated', transaction };
  const reportedAt = reportTime(world, transaction, typology);
  if (reportedAt !== undefined) plan(world, { kind: 'report', at: reportedAt, transaction });
  pending.push({ ...planned, at: transaction.at, amount });
  yield { day, event, typology, hard, reportedAt };
}

function amountOf({ amount, wallet }: PlannedTransaction): number {
  return typeof amount === 'number' ? amount : Math.floor(wallet.balance * amount.shareOfBalance);
}

/** Where a request comes from: mostly home or on the road, sometimes a VPN's exit. */
function contextOf(chance: Chance, wallet: Wallet): RequestContext | undefined {
  if (!wallet.sharesContext) return undefined;
  const hides = wallet.usesVpn && chance.of(0.4);
  const { country, latitude, longitude } = hides ? chance.one(FAR_CITIES) : wallet.place;
  const atHome = wallet.place === wallet.home && chance.of(0.6);
  const address = atHome ? wallet.homeAddress : carrierAddress(chance, wallet);
  return {
    deviceId: wallet.phone,
    address: hides ? `exit-${chance.whole(0, 96)}` : address,
    country,
    latitude: latitude + chance.between(-0.2, 0.2),
    longitude: longitude + chance.between(-0.2, 0.2),
  };
}

const NEVER_REPORTED = 0.1;
const REPORT_DAYS_MEDIAN = 5;
/** Such a share of legitimate transactions is reported that 1 in 100 reports is false. */
const FALSELY_REPORTED = 0.00005;

/** Victims notice late, some never, and a few complain about what was theirs. */
function reportTime(
  { chance, startsAt }: World,
  { at }: ScoredTransaction,
  typology: Typology | undefined,
): number | undefined {
  const reported = typology ? !chance.of(NEVER_REPORTED) : chance.of(FALSELY_REPORTED);
  if (!reported) return undefined;
  // From the next day on, so that the agenda of the day at hand stays in order.
  const tomorrow = startsAt + (Math.floor((at - startsAt) / DAY_MS) + 1) * DAY_MS;
  return Math.max(tomorrow, Math.floor(at + chance.around(REPORT_DAYS_MEDIAN, 0.7) * DAY_MS));
}

/** Decides what was initiated long enough ago, as the ledger and the banks would. */
function* settleUntil(
  world: World,
  pending: PlannedTransaction[],
  until: number,
  day: number,
): Generator<SimulatedEvent> {
  while (pending[0] && pending[0].at + SETTLES_AFTER_MS <= until) {
    const planned = pending.shift() as PlannedTransaction;
    yield { day, event: settle(world.chance, planned) };
  }
}

function settle(chance: Chance, planned: PlannedTransaction): FoldedEvent {
  const { wallet, payee, type, bankAccount, declines = 0 } = planned;
  const at = planned.at + SETTLES_AFTER_MS;
  const amount = planned.amount as number;
  const isRefused = type === 'deposit' ? chance.of(declines) : wallet.balance < amount;
  if (isRefused) return { kind: 'failed', at, walletId: wallet.id };
  wallet.balance += type === 'deposit' ? amount : -amount;
  if (payee) payee.balance += amount;
  return {
    kind: 'completed',
    at,
    type,
    walletId: wallet.id,
    counterpartyWalletId: payee?.id,
    bankAccount,
    amount,
    currency: wallet.region.currency,
    balance: wallet.balance,
    counterpartyBalance: payee?.balance,
  };
}
