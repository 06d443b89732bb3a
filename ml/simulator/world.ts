import type { RequestContext, ScoredTransaction } from '../features/folded-event.ts';
import type { Chance } from './chance.ts';
import type { City, Region } from './places.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export const TYPOLOGIES = [
  'account-takeover',
  'mule-network',
  'card-testing',
  'new-account',
  'velocity-burst',
  'structuring',
  'impossible-travel',
  'push-payment',
  'invoice-redirection',
] as const;
export type Typology = (typeof TYPOLOGIES)[number];

export type Archetype =
  | 'salaried'
  | 'student'
  | 'gig-worker'
  | 'saver'
  | 'traveller'
  | 'sleeper'
  | 'merchant'
  | 'employer'
  | 'landlord';

/** A wallet and the person or business behind it. */
export interface Wallet {
  readonly index: number;
  readonly id: string;
  readonly archetype: Archetype;
  readonly region: Region;
  readonly home: City;
  readonly openedDay: number;
  readonly kycLevel: number;
  /** Some use a machine client, or hide everything. */
  readonly sharesContext: boolean;
  readonly usesVpn: boolean;
  readonly homeAddress: string;
  /** Dollars of a usual purchase, purchases a day, when the day's middle is (UTC hour). */
  readonly purchase: number;
  readonly tempo: number;
  readonly middayHour: number;
  readonly payday: number;
  readonly salary: number;
  readonly rent: number;
  readonly merchants: Wallet[];
  readonly friends: Wallet[];
  employer: Wallet | undefined;
  landlord: Wallet | undefined;
  phone: string;
  phones: number;
  place: City;
  /** Minor units. */
  balance: number;
  /** When the owner is done with something that moves the wallet about (holiday, dormancy). */
  awayUntilDay: number;
}

/** Something planned. Amounts are minor units, or a share of the balance when the time comes. */
export interface PlannedTransaction {
  kind: 'transaction';
  at: number;
  wallet: Wallet;
  type: ScoredTransaction['type'];
  payee?: Wallet | undefined;
  bankAccount?: string | undefined;
  amount: number | { shareOfBalance: number };
  /** Differs from the wallet's own device and place. */
  context?: RequestContext | undefined;
  /** The chance that the bank says no to a deposit. */
  declines?: number | undefined;
  typology?: Typology | undefined;
  /** What a legitimate transaction is that looks like fraud. */
  hard?: string | undefined;
}

export type Planned =
  | PlannedTransaction
  | { kind: 'opening'; at: number; wallet: Wallet }
  | { kind: 'credentials'; at: number; wallet: Wallet }
  | { kind: 'phone'; at: number; wallet: Wallet }
  | { kind: 'report'; at: number; transaction: ScoredTransaction };

export interface World {
  readonly startsAt: number;
  readonly chance: Chance;
  readonly wallets: Wallet[];
  readonly people: Wallet[];
  readonly businesses: Wallet[];
  /** What was planned for later days. */
  readonly agenda: Map<number, Planned[]>;
  /** Wallets that take stolen money, with the day on which they are given up. */
  readonly mules: { wallet: Wallet; untilDay: number }[];
  /** How much life changed since the model's training: 0, or 1 in a drifted month. */
  drift: 0 | 1;
}

export const dayOf = (world: World, at: number): number =>
  Math.floor((at - world.startsAt) / DAY_MS);

export function plan(world: World, planned: Planned): void {
  const day = dayOf(world, planned.at);
  const list = world.agenda.get(day);
  if (list) list.push(planned);
  else world.agenda.set(day, [planned]);
}

/** Dollars as minor units of the wallet's currency, at least the smallest payment people make. */
export const minorOf = ({ region }: Wallet, dollars: number): number =>
  Math.max(20, Math.round(dollars * region.perDollar * 100));

export const dollarsOf = ({ region, balance }: Wallet): number => balance / region.perDollar / 100;

/** A moment of the day at which the wallet's owner is awake, mostly. */
export function wakingTime(world: World, wallet: Wallet, day: number): number {
  const { chance } = world;
  const late = chance.of(0.06 + 0.05 * world.drift) ? chance.between(7, 12) : 0;
  const hour = wallet.middayHour + chance.between(-4, 4) + chance.between(-4, 4) + late;
  return world.startsAt + day * DAY_MS + ((hour + 24) % 24) * HOUR_MS;
}
