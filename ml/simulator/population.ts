import type { Chance } from './chance.ts';
import { REGIONS, type Region } from './places.ts';
import type { Archetype, Wallet } from './world.ts';

/** Shares of the population. Businesses first: people need somebody to pay. */
const ARCHETYPES: [Archetype, number][] = [
  ['merchant', 0.04],
  ['employer', 0.012],
  ['landlord', 0.02],
  ['salaried', 0.47],
  ['student', 0.15],
  ['gig-worker', 0.12],
  ['saver', 0.08],
  ['traveller', 0.05],
  ['sleeper', 0.058],
];

/** Purchases a day and dollars of a usual one. */
const HABITS: Record<Archetype, [number, number]> = {
  merchant: [0.12, 420],
  employer: [0.1, 900],
  landlord: [0.1, 240],
  salaried: [0.3, 38],
  student: [0.42, 13],
  'gig-worker': [0.35, 24],
  saver: [0.07, 130],
  traveller: [0.4, 52],
  sleeper: [0.012, 45],
};

/** Wallets per carrier address: phones on the road share few addresses. */
const WALLETS_PER_ADDRESS = 45;

/** The people and businesses that wallets belong to, with who pays whom. */
export function createPopulation(chance: Chance, count: number): Wallet[] {
  const wallets = Array.from({ length: count }, (_, index) =>
    createWallet(chance, index, archetypeAt(index / count), openingDay(chance)),
  );
  for (const region of REGIONS)
    connect(
      chance,
      wallets.filter((one) => one.region === region),
    );
  return wallets;
}

function archetypeAt(share: number): Archetype {
  let reached = 0;
  for (const [archetype, own] of ARCHETYPES) {
    reached += own;
    if (share < reached) return archetype;
  }
  return 'salaried';
}

/** A longer simulation begins like a shorter one: openings don't depend on its length. */
const LAST_OPENING_DAY = 180;

/** Most wallets are older than the simulation, the others open while it runs. */
const openingDay = (chance: Chance): number =>
  chance.of(0.75) ? -Math.floor(chance.around(260, 0.9)) : chance.whole(0, LAST_OPENING_DAY);

export function createWallet(
  chance: Chance,
  index: number,
  archetype: Archetype,
  openedDay: number,
): Wallet {
  const region = regionOf(chance);
  const [purchasesPerDay, purchase] = HABITS[archetype];
  const home = chance.one(region.cities);
  const wealth = chance.around(1, 0.45);
  const isBusiness = ['merchant', 'employer', 'landlord'].includes(archetype);
  return {
    index,
    id: `wallet-${index}`,
    archetype,
    region,
    home,
    openedDay,
    kycLevel: chance.of(0.12) ? 0 : chance.of(isBusiness ? 0.8 : 0.35) ? 2 : 1,
    sharesContext: !chance.of(isBusiness ? 0.5 : 0.22),
    usesVpn: chance.of(0.035),
    homeAddress: `home-${chance.of(0.3) ? Math.floor(index / 2) * 2 : index}`,
    purchase: purchase * wealth,
    tempo: purchasesPerDay * chance.around(1, 0.5),
    middayHour: 15 - region.hoursAhead + chance.between(-2.5, 2.5),
    payday: chance.of(0.6) ? chance.whole(25, 29) : chance.whole(0, 29),
    salary: chance.around(archetype === 'student' ? 700 : 2900, 0.35) * wealth ** 0.5,
    rent: chance.around(950, 0.3) * wealth ** 0.5,
    merchants: [],
    friends: [],
    employer: undefined,
    landlord: undefined,
    phone: `phone-${index}-0`,
    phones: 0,
    place: home,
    balance: 0,
    awayUntilDay: -1,
  };
}

function regionOf(chance: Chance): Region {
  let rest = chance.between(0, 1);
  for (const region of REGIONS) {
    rest -= region.share;
    if (rest < 0) return region;
  }
  return REGIONS[0] as Region;
}

export const carrierAddress = (chance: Chance, wallet: Wallet): string =>
  `carrier-${wallet.region.currency}-${Math.floor(wallet.index / WALLETS_PER_ADDRESS)}-` +
  chance.whole(0, 3);

/** Who pays whom in a region: few merchants are popular, friends are mostly neighbours. */
function connect(chance: Chance, wallets: Wallet[]): void {
  const of = (archetype: Archetype): Wallet[] =>
    wallets.filter((wallet) => wallet.archetype === archetype);
  const [merchants, employers, landlords] = [of('merchant'), of('employer'), of('landlord')];
  if (merchants.length * employers.length * landlords.length === 0) return;
  const popular = (): Wallet =>
    merchants[Math.floor(chance.between(0, 1) ** 2.2 * merchants.length)] as Wallet;
  for (const [position, wallet] of wallets.entries()) {
    for (let i = chance.whole(3, 12); i > 0; i--) wallet.merchants.push(popular());
    for (let i = chance.whole(1, 7); i > 0; i--) {
      const distance = Math.ceil(chance.around(9, 1));
      const other = chance.of(0.8) ? position + distance : chance.whole(0, wallets.length - 1);
      const friend = wallets[other % wallets.length] as Wallet;
      if (friend !== wallet) wallet.friends.push(friend);
    }
    if (wallet.archetype === 'salaried' || wallet.archetype === 'traveller') {
      wallet.employer = chance.of(0.7) ? chance.one(employers) : undefined;
    }
    if (chance.of(0.62)) wallet.landlord = chance.one(landlords);
  }
}
