import type { RequestContext } from '../features/folded-event.ts';
import { bankPayment, payment } from './daily-life.ts';
import { FAR_CITIES } from './places.ts';
import { createWallet } from './population.ts';
import {
  dollarsOf,
  HOUR_MS,
  MINUTE_MS,
  minorOf,
  plan,
  wakingTime,
  type PlannedTransaction,
  type Typology,
  type Wallet,
  type World,
} from './world.ts';

/** Episodes a day among 20,000 wallets. The last one begins after the model was trained. */
const EPISODES: [Typology, number, (world: World, day: number) => void][] = [
  ['account-takeover', 2.4, takeOverAccount],
  ['mule-network', 0.55, runMuleNetwork],
  ['card-testing', 0.5, testCards],
  ['new-account', 2.2, abuseNewAccount],
  ['velocity-burst', 0.8, burst],
  ['structuring', 1.1, structure],
  ['impossible-travel', 5, payFromAfar],
  ['push-payment', 3.8, persuadeVictim],
  ['invoice-redirection', 2.5, redirectInvoice],
];

export interface FraudPlan {
  wallets: number;
  /** The first day of the typology that no model was trained on. */
  unseenFromDay: number;
}

export function planFrauds(world: World, day: number, { wallets, unseenFromDay }: FraudPlan): void {
  for (const [typology, perDay, run] of EPISODES) {
    if (typology === 'invoice-redirection' && day < unseenFromDay) continue;
    const episodes = world.chance.times((perDay * wallets) / 20_000);
    for (let left = episodes; left > 0; left--) run(world, day);
  }
}

function victim(world: World, day: number, leastDollars: number): Wallet | undefined {
  for (let tries = 0; tries < 60; tries++) {
    const wallet = world.chance.one(world.people);
    const fits = wallet.openedDay < day - 5 && wallet.awayUntilDay <= day;
    if (fits && dollarsOf(wallet) > leastDollars) return wallet;
  }
  return undefined;
}

/**
 * A wallet that takes stolen money: a person's own, lent for a fee and with a history, or one that
 * was opened for it. Each is used for days, so that its receipts and reports add up.
 */
function mule(world: World, day: number, region: Wallet['region']): Wallet {
  const { chance, mules } = world;
  const active = mules.filter(({ wallet, untilDay }) => untilDay > day && wallet.region === region);
  if (active.length > 3 && chance.of(0.6)) return chance.one(active).wallet;
  const wallet = chance.of(0.6) ? recruit(world, day, region) : openMule(world, day, region);
  mules.push({ wallet, untilDay: day + chance.whole(2, 15) });
  return wallet;
}

function recruit(world: World, day: number, region: Wallet['region']): Wallet {
  for (let tries = 0; tries < 40; tries++) {
    const person = world.chance.one(world.people);
    if (person.region === region && person.openedDay < day - 8) return person;
  }
  return openMule(world, day, region);
}

function openMule(world: World, day: number, region: Wallet['region']): Wallet {
  const draft = createWallet(world.chance, world.wallets.length, 'sleeper', day);
  const home = world.chance.one(region.cities);
  const wallet: Wallet = { ...draft, region, home, place: home };
  world.wallets.push(wallet);
  plan(world, { kind: 'opening', at: wakingTime(world, wallet, day), wallet });
  return wallet;
}

/** A thief's own device and place; some sit in the victim's country behind a fresh address. */
function thief(world: World, wallet: Wallet, id: number): RequestContext {
  const far = world.chance.of(0.3);
  const place = far ? world.chance.one(FAR_CITIES) : world.chance.one(wallet.region.cities);
  const { country, latitude, longitude } = place;
  return { deviceId: `rig-${id}`, address: `exit-${id % 97}`, country, latitude, longitude };
}

/** Rigs are used again, so that a report of one case helps with the next. */
const rigOf = (world: World): number => Math.floor(world.chance.around(400, 1.1));

function thiefOrMalware(world: World, wallet: Wallet): RequestContext | undefined {
  if (!wallet.sharesContext) return undefined;
  return world.chance.of(0.62 - 0.2 * world.drift) ? thief(world, wallet, rigOf(world)) : undefined;
}

function takeOverAccount(world: World, day: number): void {
  const { chance } = world;
  const wallet = victim(world, day, 60);
  if (!wallet) return;
  const context = thiefOrMalware(world, wallet);
  let at = wakingTime(world, wallet, day) + chance.between(0, 7) * HOUR_MS;
  if (chance.of(0.45)) {
    plan(world, { kind: 'credentials', at: at - chance.around(3, 1.2) * HOUR_MS, wallet });
  }
  const patient = chance.of(0.3);
  const payee = mule(world, day, wallet.region);
  for (let left = chance.whole(1, 4); left > 0; left--) {
    const share = patient ? chance.between(0.05, 0.25) : chance.between(0.25, 0.9);
    const stolen = fraud(world, wallet, payee, at, { shareOfBalance: share }, 'account-takeover');
    if (chance.of(0.25)) Object.assign(stolen, abroad(wallet, at));
    plan(world, { ...stolen, context });
    at += patient ? chance.between(7, 40) * HOUR_MS : chance.between(0.7, 45) * MINUTE_MS;
  }
  if (payee.balance >= 0 && chance.of(0.6)) cashOut(world, payee, at, 'mule-network');
}

function fraud(
  world: World,
  wallet: Wallet,
  payee: Wallet,
  at: number,
  amount: PlannedTransaction['amount'],
  typology: Typology,
): PlannedTransaction {
  const day = Math.floor((at - world.startsAt) / 86_400_000);
  return { ...payment(world, wallet, payee, day, 1), at, amount, typology };
}

const abroad = (wallet: Wallet, at: number) =>
  ({
    type: 'withdrawal',
    payee: undefined,
    bankAccount: `other:${wallet.index}-${Math.floor(at) % 13}`,
  }) as const;

function cashOut(world: World, wallet: Wallet, after: number, typology: Typology): void {
  const { chance } = world;
  const at = after + chance.around(5, 1.3) * HOUR_MS;
  const share = { shareOfBalance: chance.between(0.55, 0.98) };
  const next = chance.of(0.4) ? mule(world, 0, wallet.region) : undefined;
  const out: PlannedTransaction =
    next && next !== wallet
      ? fraud(world, wallet, next, at, share, typology)
      : { ...bankPayment(world, wallet, 'withdrawal', 0, share), at, typology };
  plan(world, out);
}

/** Smurfs pay a collector over days, who passes it on; some of it returns in a circle. */
function runMuleNetwork(world: World, day: number): void {
  const { chance } = world;
  const first = mule(world, day, chance.one(world.people).region);
  const start = wakingTime(world, first, day);
  const spanHours = chance.between(5, 70);
  const smurfs = Array.from({ length: chance.whole(4, 10) }, () =>
    recruit(world, day, first.region),
  );
  const dollars = chance.around(340, 0.6);
  for (const smurf of smurfs) {
    if (smurf === first) continue;
    const at = start + chance.between(1, spanHours) * HOUR_MS;
    const amount = minorOf(smurf, dollars * chance.around(1, 0.35));
    const filled = bankPayment(world, smurf, 'deposit', day, amount);
    plan(world, { ...filled, at: at - chance.around(4, 1) * HOUR_MS, declines: 0 });
    plan(world, fraud(world, smurf, first, at, amount, 'mule-network'));
  }
  const end = start + spanHours * HOUR_MS;
  if (chance.of(0.4) && smurfs[0] && smurfs[0] !== first) {
    const at = end + chance.between(0.2, 8) * HOUR_MS;
    plan(world, fraud(world, first, smurfs[0], at, { shareOfBalance: 0.3 }, 'mule-network'));
  }
  cashOut(world, first, end, 'mule-network');
}

/** Stolen cards are tried with tiny deposits; one that works is used for a large one. */
function testCards(world: World, day: number): void {
  const { chance } = world;
  const wallet = chance.of(0.5)
    ? openMule(world, day, chance.one(world.people).region)
    : recruit(world, day, chance.one(world.people).region);
  const context = thiefOrMalware(world, wallet);
  let at = wakingTime(world, wallet, day) + HOUR_MS;
  const pause = chance.around(70, 0.9);
  for (let left = chance.whole(4, 18); left > 0; left--) {
    at += pause * chance.between(0.4, 1.7) * 1000;
    const dollars = chance.around(3.1, 0.8);
    const tried = bankPayment(world, wallet, 'deposit', day, minorOf(wallet, dollars));
    const bankAccount = `cards:${chance.whole(0, 1e6)}`;
    plan(world, { ...tried, at, bankAccount, declines: 0.5, typology: 'card-testing', context });
  }
  const charged = bankPayment(
    world,
    wallet,
    'deposit',
    day,
    minorOf(wallet, chance.around(160, 0.6)),
  );
  const bankAccount = `cards:${chance.whole(0, 1e6)}`;
  plan(world, { ...charged, at: at + HOUR_MS, bankAccount, typology: 'card-testing', context });
  cashOut(world, wallet, at + 2 * HOUR_MS, 'card-testing');
}

function abuseNewAccount(world: World, day: number): void {
  const { chance } = world;
  const wallet = openMule(world, day, chance.one(world.people).region);
  const later = day + (chance.of(0.5) ? chance.whole(0, 3) : chance.whole(3, 25));
  const dollars = chance.around(10_500, 0.45);
  const funding = bankPayment(world, wallet, 'deposit', later, minorOf(wallet, dollars * 1.05));
  const at = funding.at + 2 * HOUR_MS;
  plan(world, { ...funding, at, declines: 0 });
  const payee = chance.of(0.5) ? chance.one(world.people) : mule(world, day, wallet.region);
  const parts = chance.of(0.7) ? 1 : 2;
  for (let part = 0; part < parts; part++) {
    const out = at + chance.around(2 + 3 * part, 0.9) * HOUR_MS;
    const amount = minorOf(wallet, dollars / parts);
    const sent = fraud(world, wallet, payee, out, amount, 'new-account');
    plan(world, payee.region === wallet.region ? sent : { ...sent, ...abroad(wallet, out) });
  }
}

function burst(world: World, day: number): void {
  const { chance } = world;
  const wallet = victim(world, day, 150);
  if (!wallet) return;
  const context = thiefOrMalware(world, wallet);
  let at = wakingTime(world, wallet, day);
  const dollars = Math.min(chance.around(70, 0.7), dollarsOf(wallet) / 4);
  for (let left = chance.whole(4, 12); left > 0; left--) {
    const shop = chance.one(world.businesses);
    at += chance.around(110, 0.9) * 1000;
    if (shop.region !== wallet.region) continue;
    const amount = minorOf(wallet, dollars * chance.around(1, 0.3));
    plan(world, { ...fraud(world, wallet, shop, at, amount, 'velocity-burst'), context });
  }
}

/** A large sum in parts that each stay below a limit, some well below. */
function structure(world: World, day: number): void {
  const { chance } = world;
  const wallet = recruit(world, day, chance.one(world.people).region);
  const limit = chance.of(0.5) ? 3000 : 10_000;
  const payee = chance.of(0.5) ? mule(world, day, wallet.region) : undefined;
  let at = wakingTime(world, wallet, day);
  for (let left = chance.whole(3, 6); left > 0; left--) {
    const amount = minorOf(wallet, limit * chance.between(0.72, 0.998));
    const filled = bankPayment(world, wallet, 'deposit', day, amount);
    plan(world, { ...filled, at: at - chance.around(3, 0.8) * HOUR_MS, declines: 0 });
    const sent =
      payee && payee !== wallet
        ? fraud(world, wallet, payee, at, amount, 'structuring')
        : {
            ...bankPayment(world, wallet, 'withdrawal', day, amount),
            at,
            typology: 'structuring' as const,
          };
    plan(world, sent);
    at += chance.around(17, 0.7) * HOUR_MS;
  }
}

/** The owner pays at home, and a copy of the credentials is used far away soon after. */
function payFromAfar(world: World, day: number): void {
  const { chance } = world;
  const wallet = victim(world, day, 80);
  const shop = chance.one(world.businesses);
  if (!wallet?.sharesContext || shop.region !== wallet.region) return;
  const own = wallet.merchants[0];
  const at = wakingTime(world, wallet, day);
  if (own && own !== wallet && own.openedDay < day) {
    plan(world, { ...payment(world, wallet, own, day, wallet.purchase), at });
  }
  const { country, latitude, longitude } = chance.one(FAR_CITIES);
  const deviceId = chance.of(0.6) ? `rig-${rigOf(world)}` : wallet.phone;
  const context = {
    deviceId,
    address: `exit-${chance.whole(0, 96)}`,
    country,
    latitude,
    longitude,
  };
  let later = at + chance.around(80, 0.9) * MINUTE_MS;
  for (let left = chance.whole(1, 3); left > 0; left--) {
    const dollars = Math.min(chance.around(140, 0.9), dollarsOf(wallet) * 0.7);
    const amount = minorOf(wallet, dollars);
    plan(world, { ...fraud(world, wallet, shop, later, amount, 'impossible-travel'), context });
    later += chance.around(25, 0.8) * MINUTE_MS;
  }
}

/** The owner pays, from the usual phone at a usual hour, because somebody told a good story. */
function persuadeVictim(world: World, day: number): void {
  const { chance } = world;
  const wallet = victim(world, day, 40);
  if (!wallet) return;
  const payee = mule(world, day, wallet.region);
  if (payee === wallet) return;
  let at = wakingTime(world, wallet, day);
  const dollars = chance.around(900, 0.9) * (1 - 0.35 * world.drift);
  if (dollarsOf(wallet) < dollars) {
    const filled = bankPayment(world, wallet, 'deposit', day, minorOf(wallet, dollars));
    plan(world, { ...filled, at: at - chance.around(0.7, 1) * HOUR_MS });
  }
  for (let left = chance.of(0.65) ? 1 : 2; left > 0; left--) {
    const amount = minorOf(wallet, chance.of(0.5) ? Math.ceil(dollars / 50) * 50 : dollars);
    plan(world, fraud(world, wallet, payee, at, amount, 'push-payment'));
    at += chance.around(9, 1.2) * HOUR_MS;
  }
  if (chance.of(0.5)) cashOut(world, payee, at, 'mule-network');
}

/** The rent goes to a new account because a forged letter says so. */
function redirectInvoice(world: World, day: number): void {
  const wallet = victim(world, day, 400);
  if (!wallet?.landlord) return;
  const payee = mule(world, day, wallet.region);
  if (payee === wallet) return;
  const at = wakingTime(world, wallet, day);
  const amount = minorOf(wallet, Math.min(wallet.rent, dollarsOf(wallet)));
  plan(world, fraud(world, wallet, payee, at, amount, 'invoice-redirection'));
}
