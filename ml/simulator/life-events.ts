import { bankPayment, payment } from './daily-life.ts';
import { FAR_CITIES } from './places.ts';
import { HOUR_MS, MINUTE_MS, minorOf, plan, wakingTime, type Wallet, type World } from './world.ts';

type LifeEvent = (world: World, wallet: Wallet, day: number) => void;

/**
 * Legitimate things that look like fraud, with how often a year they happen to a person. Each has a
 * twin among the typologies.
 */
const LIFE_EVENTS: [LifeEvent, number][] = [
  [move, 0.35],
  [buyHouse, 0.12],
  [buyPhone, 0.6],
  [forgetPassword, 0.7],
  [goOnHoliday, 0.9],
  [splitBill, 2.2],
  [sellThings, 0.7],
  [collectRent, 0.5],
  [buyCar, 0.16],
  [mistypeCard, 1.2],
  [sendGifts, 0.9],
  [payContractor, 0.5],
  [helpFamily, 1.1],
  [wakeUp, 0.15],
];

export function planLifeEvents(world: World, wallet: Wallet, day: number): void {
  if (day < wallet.openedDay + 1 || day < wallet.awayUntilDay) return;
  for (const [happen, timesPerYear] of LIFE_EVENTS) {
    const wave = happen === buyPhone ? 1 + 4 * world.drift : 1 + 0.3 * world.drift;
    if (world.chance.of((timesPerYear * wave) / 365)) happen(world, wallet, day);
  }
}

/** The wallet is filled first: without money nothing of this happens. */
function fill(world: World, wallet: Wallet, day: number, dollars: number): void {
  const amount = minorOf(wallet, dollars * world.chance.between(1, 1.2));
  const deposit = bankPayment(world, wallet, 'deposit', day, amount);
  plan(world, { ...deposit, declines: 0.01 });
}

function stranger(world: World, wallet: Wallet, day: number): Wallet | undefined {
  for (let tries = 0; tries < 12; tries++) {
    const other = world.chance.one(world.people);
    const fits = other.region === wallet.region && other !== wallet && other.openedDay < day;
    if (fits) return other;
  }
  return undefined;
}

/** A new landlord: the first month and a deposit to somebody who was never paid before. */
function move(world: World, wallet: Wallet, day: number): void {
  const landlord = stranger(world, wallet, day);
  if (!landlord) return;
  wallet.landlord = landlord;
  fill(world, wallet, day, wallet.rent * 3);
  for (const [later, months] of [
    [1, 1],
    [1, world.chance.between(1, 2.5)],
  ] as const) {
    const due = payment(world, wallet, landlord, day + later, wallet.rent * months);
    plan(world, { ...due, hard: 'move' });
  }
}

function buyHouse(world: World, wallet: Wallet, day: number): void {
  const notary = world.chance.one(world.businesses);
  if (notary.region !== wallet.region || notary.openedDay > day) return;
  const dollars = world.chance.around(14_000, 0.5);
  fill(world, wallet, day, dollars);
  plan(world, { ...payment(world, wallet, notary, day + 1, dollars), hard: 'house-deposit' });
}

function buyPhone(world: World, wallet: Wallet, day: number): void {
  const at = wakingTime(world, wallet, day);
  plan(world, { kind: 'phone', at, wallet });
  if (world.chance.of(0.5)) plan(world, { kind: 'credentials', at: at + 5 * MINUTE_MS, wallet });
  const friend = wallet.friends[0];
  if (!friend || friend.openedDay > day) return;
  const first = payment(world, wallet, friend, day, world.chance.around(wallet.purchase * 2, 0.9));
  plan(world, { ...first, at: at + world.chance.between(0.2, 20) * HOUR_MS, hard: 'new-phone' });
}

function forgetPassword(world: World, wallet: Wallet, day: number): void {
  plan(world, { kind: 'credentials', at: wakingTime(world, wallet, day), wallet });
}

function goOnHoliday(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  const place = chance.one(FAR_CITIES);
  wallet.place = place;
  const days = chance.whole(3, 16);
  wallet.awayUntilDay = day + days;
  for (let later = 0; later < days; later++) {
    for (let left = chance.times(0.8); left > 0; left--) {
      const shop = chance.one(world.businesses);
      if (shop.region !== wallet.region || shop.openedDay > day) continue;
      const bought = payment(world, wallet, shop, day + later, chance.around(60, 0.9));
      plan(world, { ...bought, hard: 'holiday' });
    }
  }
}

/** One pays at the table, the others pay back within the hour; or the reverse. */
function splitBill(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  let at = wakingTime(world, wallet, day);
  const dollars = chance.around(24, 0.5);
  for (const friend of wallet.friends.slice(0, 6)) {
    if (friend.openedDay > day) continue;
    at += chance.between(15_000, 9 * MINUTE_MS);
    plan(world, { ...payment(world, wallet, friend, day, dollars), at, hard: 'split-bill' });
  }
}

/** A flea market, a crowd collection: many strangers pay, the money goes to the bank at night. */
function sellThings(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  let last = 0;
  for (let left = chance.whole(4, 11); left > 0; left--) {
    const buyer = stranger(world, wallet, day);
    if (!buyer) continue;
    const bought = payment(world, buyer, wallet, day, chance.around(70, 0.8));
    last = Math.max(last, bought.at);
    plan(world, { ...bought, hard: 'flea-market' });
  }
  if (last === 0 || chance.of(0.4)) return;
  const share = { shareOfBalance: chance.between(0.6, 0.95) };
  const taken = bankPayment(world, wallet, 'withdrawal', day, share);
  plan(world, { ...taken, at: last + chance.between(0.3, 12) * HOUR_MS, hard: 'flea-market' });
}

/** Flatmates pay one of them, who passes everything on to the landlord. */
function collectRent(world: World, wallet: Wallet, day: number): void {
  const { landlord, friends } = wallet;
  if (!landlord || landlord.openedDay > day || friends.length < 2) return;
  const flatmates = friends.slice(0, 3).filter((friend) => friend.openedDay < day);
  let last = wakingTime(world, wallet, day);
  for (const friend of flatmates) {
    const share = payment(world, friend, wallet, day, wallet.rent * 0.45);
    last = Math.max(last, share.at);
    plan(world, { ...share, hard: 'rent-collector' });
  }
  const passed = payment(world, wallet, landlord, day, wallet.rent * 0.44 * flatmates.length + 1);
  plan(world, {
    ...passed,
    at: last + world.chance.between(0.1, 9) * HOUR_MS,
    hard: 'rent-collector',
  });
}

/** Used cars cost 9,900 rather than 10,000, and 2,950 rather than 3,000. */
function buyCar(world: World, wallet: Wallet, day: number): void {
  const seller = stranger(world, wallet, day);
  if (!seller) return;
  const dollars = world.chance.of(0.5)
    ? world.chance.whole(176, 199) * 50
    : world.chance.whole(52, 60) * 50 - 10;
  fill(world, wallet, day, dollars);
  plan(world, { ...payment(world, wallet, seller, day + 1, dollars), hard: 'car' });
}

/** A card that doesn't work is tried again, and then another one. */
function mistypeCard(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  const dollars = chance.around(40, 0.9);
  const first = bankPayment(world, wallet, 'deposit', day, minorOf(wallet, dollars));
  for (let tries = 0, at = first.at; tries < chance.whole(2, 5); tries++) {
    at += chance.between(20_000, 4 * MINUTE_MS);
    const bankAccount = `bank:${wallet.index}${tries > 2 ? '-2' : ''}`;
    plan(world, { ...first, at, bankAccount, declines: 0.7, hard: 'mistyped-card' });
  }
}

function sendGifts(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  let at = wakingTime(world, wallet, day);
  const dollars = Math.ceil(chance.around(45, 0.5) / 10) * 10;
  for (let left = chance.whole(3, 9); left > 0; left--) {
    const person = chance.of(0.5) ? wallet.friends[left] : stranger(world, wallet, day);
    at += chance.between(40_000, 8 * MINUTE_MS);
    if (!person || person.openedDay > day) continue;
    plan(world, { ...payment(world, wallet, person, day, dollars), at, hard: 'gifts' });
  }
}

/** Somebody new is paid much, in parts: what a push-payment victim's history looks like. */
function payContractor(world: World, wallet: Wallet, day: number): void {
  const contractor = stranger(world, wallet, day);
  if (!contractor) return;
  const dollars = world.chance.around(1300, 0.8);
  fill(world, wallet, day, dollars);
  for (const later of [1, world.chance.whole(2, 12)]) {
    const part = payment(world, wallet, contractor, day + later, dollars / 2);
    plan(world, { ...part, hard: 'contractor' });
  }
}

function helpFamily(world: World, wallet: Wallet, day: number): void {
  const relative = wallet.friends.at(-1);
  if (!relative || relative.openedDay > day) return;
  const dollars = world.chance.around(420, 0.9);
  plan(world, { ...payment(world, wallet, relative, day, dollars), hard: 'family' });
}

/** A wallet that slept for weeks is emptied by its owner, who found it again. */
function wakeUp(world: World, wallet: Wallet, day: number): void {
  const days = world.chance.whole(25, 60);
  wallet.awayUntilDay = day + days;
  const share = { shareOfBalance: world.chance.between(0.7, 1) };
  const emptied = bankPayment(world, wallet, 'withdrawal', day + days, share);
  plan(world, { ...emptied, hard: 'woken' });
}
