import { shardCount, shardOf, type Adjustment, type Transaction } from '@florin/contracts';
import { present } from '@florin/kernel';
import { request, type Bus, type RequestContract } from '@florin/messaging';
import { checkTransit, type Transit } from '../domain/check-transit.ts';
import { microsFromIso } from '../domain/iso-time.ts';
import type { ShardPlace } from '../lane/shard-view.ts';
import { readCursor } from '../reads/cursor.ts';
import { mergePages, type PlacedPage } from '../reads/merge-pages.ts';
import type { LedgerReads, Request, Requests, Response } from './ledger-reads.ts';
import { contractOfShard } from './shard-contracts.ts';

/** Checking books takes as long as they are. */
const VERIFY_MS = 600_000;
/** Where there is something to set, the first shard has it. */
export const FIRST_SHARD = 0;

/** The books of all shards, as if they were in one place. */
export function routeReads(bus: Bus, { own, map }: ShardPlace, local: LedgerReads): LedgerReads {
  const all = [...Array(shardCount(map)).keys()];

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

  const askAll = <Name extends keyof Requests>(name: Name, question: Request<Name>) =>
    Promise.all(all.map((shard) => ask(name, shard, question)));

  const toWallet =
    <Name extends keyof Requests>(name: Name, walletOf: (question: Request<Name>) => string) =>
    (question: Request<Name>) =>
      ask(name, shardOf(map, walletOf(question)), question);

  const transitOfAll = async () =>
    new Map(
      (await askAll('sumTransit', {})).map(({ transit }, shard) => [shard, transit.map(numbersOf)]),
    );

  return {
    async getWallets({ ids }) {
      const groups = Map.groupBy(ids, (id) => shardOf(map, id));
      const found = await Promise.all(
        [...groups].map(([shard, some]) => ask('getWallets', shard, { ids: some })),
      );
      return { wallets: found.flatMap(({ wallets }) => wallets) };
    },
    async listWallets(question) {
      const pages = (await askAll('listWallets', question)).map((page) =>
        placed(page, ({ createdAt, id }) => ({ atUs: microsFromIso(createdAt), id })),
      );
      return mergePages(pages, question.limit, 'newest-first');
    },
    getWalletAt: toWallet('getWalletAt', ({ id }) => id),
    listEntries: toWallet('listEntries', ({ walletId }) => walletId),
    getPeriod: toWallet('getPeriod', ({ walletId }) => walletId),
    readEntries: toWallet('readEntries', ({ walletId }) => walletId),
    async getTransaction(question) {
      const found = await askAll('getTransaction', question);
      const nobody = { transaction: null, clientId: null };
      return found.find(({ transaction }) => transaction !== null) ?? nobody;
    },
    async listTransactions(question) {
      const { walletIds, limit } = question;
      const shards =
        walletIds === undefined ? all : new Set(walletIds.map((id) => shardOf(map, id)));
      const answers = await Promise.all(
        [...shards].map((shard) => ask('listTransactions', shard, question)),
      );
      const pages = answers.map(({ places = [], ...page }) => ({
        items: page.items,
        places,
        reaches: reachOf(page.nextCursor),
      }));
      return mergePages(pages, limit, 'newest-first', fuller);
    },
    async listReviews(question) {
      const pages = (await askAll('listReviews', question)).map((page) =>
        placed(page, ({ review, id }) => ({
          atUs: microsFromIso(present(review, 'review of one that is reviewed').openedAt),
          id,
        })),
      );
      return mergePages(pages, question.limit, 'oldest-first');
    },
    async getSplit(question) {
      const found = await askAll('getSplit', question);
      return { transactions: found.flatMap(({ transactions }) => transactions) };
    },
    async simulate({ messages }) {
      const groups = Map.groupBy(messages, ({ partitionkey }) => shardOf(map, partitionkey));
      const told = await Promise.all(
        [...groups].map(([shard, some]) => ask('simulate', shard, { messages: some })),
      );
      return { outcomes: told.flatMap(({ outcomes }) => outcomes) };
    },
    async listPositions(question) {
      return { positions: sumPositions(await askAll('listPositions', question)) };
    },
    async verifyBooks() {
      const first = await transitOfAll();
      const books = await askAll('verifyBooks', {});
      const middle = await transitOfAll();
      const transit = checkTransit(first, middle, await transitOfAll());
      const breaks = [
        ...books.flatMap((one, shard) =>
          one.breaks.map(({ invariant, detail }) => ({
            invariant,
            detail: `shard ${shard}: ${detail}`,
          })),
        ),
        ...transit,
      ];
      const checkedAt = present(books[own], 'our own books').checkedAt;
      return { ok: breaks.length === 0, checkedAt, breaks };
    },
    sumTransit: local.sumTransit,
    async getAdjustment(question) {
      const found = await askAll('getAdjustment', question);
      return found.find(({ adjustment }) => adjustment !== null) ?? { adjustment: null };
    },
    async listAdjustments(question) {
      const pages = (await askAll('listAdjustments', question)).map((page) =>
        placed(page, ({ proposedAt, id }: Adjustment) => ({ atUs: microsFromIso(proposedAt), id })),
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

const placed = <Item>(
  { items, nextCursor }: { items: readonly Item[]; nextCursor: string | null },
  placeOf: (item: Item) => { atUs: number; id: string },
): PlacedPage<Item> => ({ items, places: items.map(placeOf), reaches: reachOf(nextCursor) });

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
