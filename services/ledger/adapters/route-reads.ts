import { setTimeout as delay } from 'node:timers/promises';
import { shardOf, type Transaction } from '@florin/contracts';
import { present } from '@florin/kernel';
import { request, type Bus, type RequestContract } from '@florin/messaging';
import { checkTransit, type Transit } from '../domain/check-transit.ts';
import { microsFromIso } from '../domain/iso-time.ts';
import { shardsInUse, type ShardPlace } from '../lane/shard-view.ts';
import { readCursor } from '../reads/cursor.ts';
import { mergePages, type PlacedPage } from '../reads/merge-pages.ts';
import type { LedgerReads, Request, Requests, Response } from './ledger-reads.ts';
import { contractOfShard } from './shard-contracts.ts';

/** Checking books takes as long as they are. */
const VERIFY_MS = 600_000;
/** Where there is something to set, the first shard has it. */
export const FIRST_SHARD = 0;

/** Partitions that move are in two shards, or in none, for moments: so often sums are read anew. */
const TRANSIT_TRIES = 10;
const MOVED_BY_MS = 500;

/**
 * The books of all shards, as if they were in one place. Shards without partitions are not asked.
 * What a shard tells of wallets that are another's counts nothing: it has given them away and not
 * yet forgotten them, or is about to get them.
 */
export function routeReads(bus: Bus, place: ShardPlace, local: LedgerReads): LedgerReads {
  const { own } = place;
  const homeOf = (walletId: string): number => shardOf(place.map, walletId);

  async function ask<Name extends keyof Requests>(
    name: Name,
    shard: number,
    question: Request<Name>,
  ): Promise<Awaited<ReturnType<LedgerReads[Name]>>> {
    type Answer = Awaited<ReturnType<LedgerReads[Name]>>;
    if (shard === own) return (await local[name](question)) as Answer;
    const contract: RequestContract = contractOfShard(name, shard);
    const options = name === 'verifyBooks' || name === 'sumTransit' ? { timeoutMs: VERIFY_MS } : {};
    return (await request(bus, contract, question, options)) as Answer;
  }

  /** What each shard says, with its number. */
  const askEach = <Name extends keyof Requests>(name: Name, question: Request<Name>) =>
    Promise.all(
      shardsInUse(place.map).map(async (shard) => ({
        shard,
        told: await ask(name, shard, question),
      })),
    );

  const askAll = async <Name extends keyof Requests>(name: Name, question: Request<Name>) =>
    (await askEach(name, question)).map(({ told }) => told);

  /** A page of each shard, of what is its own. */
  async function pagesOfAll<Name extends 'listWallets' | 'listReviews' | 'listAdjustments'>(
    name: Name,
    question: Request<Name>,
    placeOf: (item: Response<Name>['items'][number]) => { atUs: number; id: string },
    walletOf: (item: Response<Name>['items'][number]) => string,
  ): Promise<PlacedPage<Response<Name>['items'][number]>[]> {
    type Item = Response<Name>['items'][number];
    return (await askEach(name, question)).map(({ shard, told }) => {
      const page = told as { items: readonly Item[]; nextCursor: string | null };
      const items = page.items.filter((item) => homeOf(walletOf(item)) === shard);
      return { items, places: items.map(placeOf), reaches: reachOf(page.nextCursor) };
    });
  }

  const toWallet =
    <Name extends keyof Requests>(name: Name, walletOf: (question: Request<Name>) => string) =>
    (question: Request<Name>) =>
      ask(name, homeOf(walletOf(question)), question);

  async function transitOfAll() {
    const told = await askAll('sumTransit', {});
    return {
      transit: told.flatMap(({ transit }) => transit.map(numbersOf)),
      books: told.map(({ books }) => books).join(),
      isMoving: told.some(({ isMoving }) => isMoving),
    };
  }

  /** All books, and the money between them before, meanwhile and after. */
  async function checkedTransit<Books>(read: () => Promise<Books>) {
    for (let tries = 1; ; tries++) {
      const first = await transitOfAll();
      const books = await read();
      const middle = await transitOfAll();
      const last = await transitOfAll();
      const breaks = checkTransit(first.transit, middle.transit, last.transit);
      const hasMoved = first.isMoving || last.isMoving || first.books !== last.books;
      if (breaks.length === 0 || !hasMoved || tries === TRANSIT_TRIES) return { books, breaks };
      await delay(MOVED_BY_MS);
    }
  }

  return {
    async getWallets({ ids }) {
      const groups = Map.groupBy(ids, homeOf);
      const found = await Promise.all(
        [...groups].map(([shard, some]) => ask('getWallets', shard, { ids: some })),
      );
      return { wallets: found.flatMap(({ wallets }) => wallets) };
    },
    async listWallets(question) {
      const pages = await pagesOfAll(
        'listWallets',
        question,
        ({ createdAt, id }) => ({ atUs: microsFromIso(createdAt), id }),
        ({ id }) => id,
      );
      return mergePages(pages, question.limit, 'newest-first');
    },
    getWalletAt: toWallet('getWalletAt', ({ id }) => id),
    listEntries: toWallet('listEntries', ({ walletId }) => walletId),
    getPeriod: toWallet('getPeriod', ({ walletId }) => walletId),
    readEntries: toWallet('readEntries', ({ walletId }) => walletId),
    async getTransaction(question) {
      const found = (await askEach('getTransaction', question)).filter(
        ({ told }) => told.transaction !== null,
      );
      const isHome = ({ shard, told }: (typeof found)[0]) =>
        told.transaction !== null && homeOf(told.transaction.walletId) === shard;
      return (found.find(isHome) ?? found[0])?.told ?? { transaction: null, clientId: null };
    },
    async listTransactions(question) {
      const { walletIds, limit } = question;
      const groups = walletIds && Map.groupBy(walletIds, homeOf);
      const shards = groups === undefined ? shardsInUse(place.map) : [...groups.keys()];
      const pages = await Promise.all(
        shards.map(async (shard) => {
          const some = groups?.get(shard);
          const ofShard = some === undefined ? question : { ...question, walletIds: some };
          const { items, places = [], nextCursor } = await ask('listTransactions', shard, ofShard);
          const isOurs = (at: number): boolean =>
            groups !== undefined || homeOf(items[at]?.walletId ?? '') === shard;
          return {
            items: items.filter((_, at) => isOurs(at)),
            places: places.filter((_, at) => isOurs(at)),
            reaches: reachOf(nextCursor),
          };
        }),
      );
      return mergePages(pages, limit, 'newest-first', fuller);
    },
    async listReviews(question) {
      const pages = await pagesOfAll(
        'listReviews',
        question,
        ({ review, id }) => ({
          atUs: microsFromIso(present(review, 'review of one that is reviewed').openedAt),
          id,
        }),
        ({ walletId }) => walletId,
      );
      return mergePages(pages, question.limit, 'oldest-first');
    },
    async getSplit(question) {
      const found = await askEach('getSplit', question);
      return {
        transactions: found.flatMap(({ shard, told }) =>
          told.transactions.filter(({ walletId }) => homeOf(walletId) === shard),
        ),
      };
    },
    async simulate({ messages }) {
      const groups = Map.groupBy(messages, ({ partitionkey }) => homeOf(partitionkey));
      const told = await Promise.all(
        [...groups].map(([shard, some]) => ask('simulate', shard, { messages: some })),
      );
      return { outcomes: told.flatMap(({ outcomes }) => outcomes) };
    },
    async listPositions(question) {
      return { positions: sumPositions(await askAll('listPositions', question)) };
    },
    async verifyBooks() {
      const { books, breaks: transit } = await checkedTransit(() => askEach('verifyBooks', {}));
      const breaks = [
        ...books.flatMap(({ shard, told }) =>
          told.breaks.map(({ invariant, detail }) => ({
            invariant,
            detail: `shard ${shard}: ${detail}`,
          })),
        ),
        ...transit,
      ];
      const checkedAt = books.map(({ told }) => told.checkedAt).toSorted()[0];
      return { ok: breaks.length === 0, checkedAt: present(checkedAt, 'time of a shard'), breaks };
    },
    sumTransit: local.sumTransit,
    findKeys: local.findKeys,
    async getAdjustment(question) {
      const found = await askAll('getAdjustment', question);
      return found.find(({ adjustment }) => adjustment !== null) ?? { adjustment: null };
    },
    async listAdjustments(question) {
      const pages = await pagesOfAll(
        'listAdjustments',
        question,
        ({ proposedAt, id }) => ({ atUs: microsFromIso(proposedAt), id }),
        ({ walletId }) => walletId,
      );
      return mergePages(pages, question.limit, 'newest-first');
    },
    async listClearingAccounts(question) {
      const found = await askAll('listClearingAccounts', question);
      const readAt = found.map((one) => one.readAt).toSorted()[0];
      return {
        readAt: present(readAt, 'time of a shard'),
        accounts: found.flatMap(({ accounts }) => accounts),
      };
    },
    /** The id of an account of the platform does not tell where it lies. */
    async readClearingEntries(question) {
      const found = await askAll('readClearingEntries', question);
      return { entries: found.flatMap(({ entries }) => entries) };
    },
    async listLanes(question) {
      const lanes = (await askAll('listLanes', question)).flatMap((one) => one.lanes);
      return { lanes: lanes.toSorted((a, b) => a.partition - b.partition) };
    },
    async listLaneLetters(question) {
      const letters = (await askAll('listLaneLetters', question)).flatMap((one) => one.letters);
      return { letters: letters.toSorted((a, b) => (a.at < b.at ? 1 : -1)) };
    },
    getFees: (question) => ask('getFees', FIRST_SHARD, question),
    listFees: (question) => ask('listFees', FIRST_SHARD, question),
    setFees: (question) => ask('setFees', FIRST_SHARD, question),
  };
}

function reachOf(nextCursor: string | null): PlacedPage<unknown>['reaches'] {
  const read = nextCursor === null ? undefined : readCursor(nextCursor);
  return read?.ok ? read.value : null;
}

/** The payer's shard knows a payment as a whole. */
const fuller = (one: Transaction, other: Transaction): Transaction =>
  one.balances === undefined ? other : one;

const numbersOf = (told: Response<'sumTransit'>['transit'][number]): Transit => ({
  pair: told.pair,
  currency: told.currency,
  departed: BigInt(told.departed),
  settled: BigInt(told.settled),
  open: BigInt(told.open),
  arrived: BigInt(told.arrived),
});

type Position = Response<'listPositions'>['positions'][number];

function sumPositions(told: readonly Response<'listPositions'>[]): Position[] {
  const sums = new Map<string, Position>();
  for (const one of told.flatMap(({ positions }) => positions)) {
    const key = `${one.currency} ${one.baseCurrency}`;
    const known = sums.get(key);
    sums.set(
      key,
      known === undefined
        ? one
        : {
            ...one,
            amount: String(BigInt(known.amount) + BigInt(one.amount)),
            cost: String(BigInt(known.cost) + BigInt(one.cost)),
            conversions: known.conversions + one.conversions,
          },
    );
  }
  return [...sums.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}
