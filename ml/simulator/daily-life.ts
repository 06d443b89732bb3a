import {
  minorOf,
  plan,
  wakingTime,
  type PlannedTransaction,
  type Wallet,
  type World,
} from './world.ts';

const MONTH_DAYS = 30;

/** A transfer at a waking moment of the day. */
export function payment(
  world: World,
  wallet: Wallet,
  payee: Wallet,
  day: number,
  dollars: number,
): PlannedTransaction {
  const at = wakingTime(world, wallet, day);
  const amount = minorOf(wallet, dollars);
  return { kind: 'transaction', at, wallet, type: 'transfer', payee, amount };
}

export function bankPayment(
  world: World,
  wallet: Wallet,
  type: 'deposit' | 'withdrawal',
  day: number,
  amount: PlannedTransaction['amount'],
): PlannedTransaction {
  const at = wakingTime(world, wallet, day);
  const bankAccount = `bank:${wallet.index}`;
  return { kind: 'transaction', at, wallet, type, bankAccount, amount, declines: 0.02 };
}

/** What a wallet does on an ordinary day. */
export function planDay(world: World, wallet: Wallet, day: number): void {
  if (day < wallet.openedDay || day < wallet.awayUntilDay) return;
  if (day === wallet.openedDay) open(world, wallet, day);
  if (wallet.archetype === 'employer') planPayroll(world, wallet, day);
  if (wallet.archetype === 'merchant' || wallet.archetype === 'landlord') {
    planTakings(world, wallet, day);
  }
  planIncome(world, wallet, day);
  planPurchases(world, wallet, day);
  planRent(world, wallet, day);
}

function open(world: World, wallet: Wallet, day: number): void {
  const first = bankPayment(world, wallet, 'deposit', day, minorOf(wallet, wallet.purchase * 6));
  plan(world, { kind: 'opening', at: first.at - 600_000, wallet });
  plan(world, { ...first, hard: 'first-deposit' });
}

function planPurchases(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  for (let left = chance.times(wallet.tempo); left > 0; left--) {
    const toFriend = wallet.friends.length > 0 && chance.of(0.22);
    const known = toFriend ? wallet.friends : wallet.merchants;
    if (known.length === 0) continue;
    const stranger = chance.of(0.09 + 0.03 * world.drift);
    const payee = stranger ? chance.one(world.businesses) : chance.one(known);
    if (payee.region !== wallet.region || payee.openedDay > day || payee === wallet) continue;
    // Now and then something big: a sofa, a flight, a used bicycle.
    const size = chance.of(0.03) ? chance.around(11, 0.7) : chance.around(1, 0.75);
    const dollars = wallet.purchase * size * (toFriend ? 1.4 : 1) * (1 + 0.2 * world.drift);
    plan(world, payment(world, wallet, payee, day, chance.of(0.35) ? round(dollars) : dollars));
  }
}

/** People like round sums. */
const round = (dollars: number): number =>
  dollars > 100 ? Math.ceil(dollars / 50) * 50 : Math.ceil(dollars / 5) * 5;

/** Those without an employer among the wallets fill theirs from a bank. */
function planIncome(world: World, wallet: Wallet, day: number): void {
  const { chance } = world;
  const isPayday = ((day % MONTH_DAYS) + MONTH_DAYS) % MONTH_DAYS === wallet.payday;
  if (wallet.archetype === 'employer') return;
  if (isPayday && !wallet.employer && wallet.archetype !== 'merchant') {
    const dollars = wallet.salary * chance.around(0.8, 0.2);
    plan(world, bankPayment(world, wallet, 'deposit', day, minorOf(wallet, dollars)));
  }
  if (wallet.balance < minorOf(wallet, wallet.purchase * 4) && chance.of(0.4)) {
    const dollars = wallet.purchase * chance.around(12, 0.6);
    plan(world, bankPayment(world, wallet, 'deposit', day, minorOf(wallet, dollars)));
  }
  if (isPayday && chance.of(0.25)) {
    // The savings sweep: what came in leaves the same day, as in a mule's wallet.
    const later = bankPayment(world, wallet, 'withdrawal', day + 1, { shareOfBalance: 0.5 });
    plan(world, { ...later, hard: 'savings-sweep' });
  }
  if (wallet.archetype === 'gig-worker' && wallet.merchants.length > 0 && chance.of(0.25)) {
    const payer = chance.one(wallet.merchants);
    plan(world, payment(world, payer, wallet, day, chance.around(65, 0.6)));
  }
}

function planRent(world: World, wallet: Wallet, day: number): void {
  const { landlord } = wallet;
  if (!landlord || landlord.openedDay > day) return;
  if (((day % MONTH_DAYS) + MONTH_DAYS) % MONTH_DAYS !== (wallet.payday + 3) % MONTH_DAYS) return;
  plan(world, { ...payment(world, wallet, landlord, day, wallet.rent), hard: 'rent' });
}

/** A fan-out of similar amounts within an hour, filled up just before. */
function planPayroll(world: World, employer: Wallet, day: number): void {
  if (((day % MONTH_DAYS) + MONTH_DAYS) % MONTH_DAYS !== employer.payday) return;
  const staff = world.people.filter((one) => one.employer === employer && one.openedDay < day);
  const total = staff.reduce((sum, one) => sum + one.salary, 0) * 1.3;
  if (staff.length === 0) return;
  const funding = bankPayment(world, employer, 'deposit', day, minorOf(employer, total));
  plan(world, { ...funding, hard: 'payroll', declines: 0 });
  let { at } = funding;
  for (const person of staff) {
    at += world.chance.between(2_000, 90_000);
    const dollars = person.salary * world.chance.around(1, 0.02);
    const hard = day - person.openedDay < MONTH_DAYS ? 'first-salary' : 'payroll';
    plan(world, { ...payment(world, employer, person, day, dollars), at, hard });
  }
}

/** Businesses take what they earned to the bank, a few times a week. */
function planTakings(world: World, wallet: Wallet, day: number): void {
  if (!world.chance.of(0.3)) return;
  const share = { shareOfBalance: world.chance.between(0.5, 0.97) };
  plan(world, { ...bankPayment(world, wallet, 'withdrawal', day, share), hard: 'takings' });
}
