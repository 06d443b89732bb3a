import { uuidv7 } from '@florin/kernel';
import type { Cast, Origin, Seen } from './cast.ts';
import type { Life } from './lived-history.ts';

/** A way of stealing, as far as it can be played within seconds through the API. */
export interface Typology {
  name: string;
  /** Opens wallets and says who has lived before; answers what is still to be done. */
  cast(cast: Cast, world: World): Promise<Plot>;
}

/** What happens once those who have a history have lived it. */
interface Plot {
  /** While scoring only looks on: what has to be known before. */
  prepare?(): Promise<unknown>;
  /** Every payment of the fraud. */
  play(): Promise<Seen[]>;
}

/** Those whom everybody pays, and where a life is asked for. */
export interface World {
  shops: readonly string[];
  lives: Life[];
}

/** Somebody with a history: their wallet, and where they usually are. */
export interface Regular {
  wallet: string;
  home: Origin;
}

const BERLIN = { country: 'DE', latitude: 52.52, longitude: 13.4 };
const AT_HOME = 'DE,52.52,13.40';
const NEW_YORK = 'US,40.71,-74.01';
const LIVED_DAYS = 40;

/** What somebody ordinary pays in a day: coffee, lunch, a ticket, groceries. */
const ORDINARY_CENTS = [450, 1280, 320, 2750, 890, 610, 1995, 1500, 4200, 7300];

let devices = 0;
const newDevice = (): string => `device-${++devices}`;
const elsewhere = (): Origin => ({ device: newDevice(), geo: AT_HOME });

/** A wallet with so many cents whose owner has paid the same few, day by day. */
export async function regular(
  cast: Cast,
  { shops, lives }: World,
  cents: number,
  friends: readonly string[] = [],
): Promise<Regular> {
  const wallet = await cast.wallet(cents);
  const device = newDevice();
  const payees = [...shops, ...friends];
  const payments = ORDINARY_CENTS.map((amount, at) => ({
    to: payees[at % payees.length] as string,
    cents: amount,
  }));
  lives.push({ wallet, ownerId: uuidv7(), device, ...BERLIN, days: LIVED_DAYS, payments });
  return { wallet, home: { device, geo: AT_HOME } };
}

const regulars = (cast: Cast, world: World, cents: number, count: number): Promise<Regular[]> =>
  Promise.all(Array.from({ length: count }, async () => regular(cast, world, cents)));

async function inTurn(count: number, one: (n: number) => Promise<Seen>): Promise<Seen[]> {
  const all: Seen[] = [];
  for (let n = 0; n < count; n++) all.push(await one(n));
  return all;
}

export const TYPOLOGIES: readonly Typology[] = [
  {
    name: 'velocity burst from a stolen session',
    async cast(cast, world) {
      const { wallet } = await regular(cast, world, 600_000);
      const mules = await Promise.all([1, 2, 3].map(() => cast.wallet()));
      const thief = elsewhere();
      const pay = (n: number) =>
        cast.transfer(wallet, mules[n % 3] as string, 24_000 + n * 700, thief);
      return { play: () => inTurn(8, pay) };
    },
  },
  {
    name: 'card testing',
    async cast(cast) {
      const wallet = await cast.wallet();
      const thief = elsewhere();
      const probe = (n: number) =>
        cast.deposit(wallet, 100 + n * 13, n % 4 === 3 ? 'ok' : 'declined', thief);
      return { play: () => inTurn(8, probe) };
    },
  },
  {
    name: 'mule: many pay in, all goes on',
    async cast(cast, world) {
      const mule = await cast.wallet();
      const boss = await cast.wallet();
      const senders = await regulars(cast, world, 200_000, 5);
      const handler = elsewhere();
      return {
        async prepare() {
          for (const { wallet, home } of senders) await cast.transfer(wallet, mule, 45_000, home);
        },
        play: () => inTurn(3, () => cast.transfer(mule, boss, 70_000, handler)),
      };
    },
  },
  {
    name: 'new account, large transfer',
    async cast(cast) {
      const from = elsewhere();
      const wallet = await cast.wallet(2_000_000, from);
      const boss = await cast.wallet();
      return { play: async () => [await cast.transfer(wallet, boss, 1_200_000, from)] };
    },
  },
  {
    name: 'impossible travel',
    async cast(cast, world) {
      const { wallet, home } = await regular(cast, world, 300_000);
      const stranger = await cast.wallet();
      const thief = { device: newDevice(), geo: NEW_YORK };
      return {
        prepare: () => cast.transfer(wallet, world.shops[0] as string, 1_280, home),
        play: async () => [await cast.transfer(wallet, stranger, 40_000, thief)],
      };
    },
  },
  {
    name: 'device that fraud was reported with',
    async cast(cast, world) {
      const device = newDevice();
      const before = await Promise.all([1, 2, 3].map(() => cast.wallet(50_000)));
      const { wallet } = await regular(cast, world, 300_000);
      const stranger = await cast.wallet();
      return {
        async prepare() {
          for (const robbed of before) {
            const paid = await cast.transfer(robbed, world.shops[0] as string, 3_000, { device });
            await cast.report(paid);
          }
        },
        play: async () => [await cast.transfer(wallet, stranger, 25_000, { device, geo: AT_HOME })],
      };
    },
  },
  {
    name: 'structuring below the reporting limit',
    async cast(cast, world) {
      const { wallet, home } = await regular(cast, world, 8_000_000);
      const stranger = await cast.wallet();
      const pay = (n: number) => cast.transfer(wallet, stranger, 990_000 - n * 2_100, home);
      return { play: () => inTurn(6, pay) };
    },
  },
  {
    name: 'authorised push payment to a reported payee',
    async cast(cast, world) {
      const payee = await cast.wallet();
      const victims = await regulars(cast, world, 200_000, 4);
      const [last, ...others] = victims as [Regular, ...Regular[]];
      return {
        async prepare() {
          for (const { wallet, home } of others) {
            await cast.report(await cast.transfer(wallet, payee, 20_000, home));
          }
        },
        play: async () => [await cast.transfer(last.wallet, payee, 35_000, last.home)],
      };
    },
  },
];
