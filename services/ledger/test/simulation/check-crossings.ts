import { arrivalIdOf, isArrivalId } from '../../domain/arrival-id.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { Row } from './memory-tables.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';

/** What is wrong between shards: money lost, doubled or still under way, and what is told of it. */
export function problemsBetween(shards: SimulatedShards, events: MemoryStream): string[] {
  return [
    ...shards.all.flatMap((shard) => problemsOfDepartures(shard, shards)),
    ...problemsOfArrivals(shards),
    ...problemsOfTransit(shards),
    ...problemsOfKeys(shards),
    ...problemsOfTold(events),
  ];
}

const FACTS = ['amount', 'currency', 'pair'];

/** What departed and was settled is what arrived, and of what was refused nothing did. */
function problemsOfDepartures({ books }: SimulatedShard, shards: SimulatedShards): string[] {
  const { departures, transactions } = books.tables;
  return [...departures.values()].flatMap((departure) => {
    const id = String(departure['transaction_id']);
    const order = transactions.get(id) ?? {};
    const arrival = arrivalOf(order, shards);
    if (departure['settled_us'] === null) return [`${id} departed and was never settled`];
    const isCredited = departure['credited'] === true;
    if (isCredited !== (arrival !== undefined)) {
      return [`${id} was settled as ${isCredited ? '' : 'not '}credited, which is not so`];
    }
    if (isCredited !== (order['status'] !== 'failed')) {
      return [`${id} is ${String(order['status'])}, and was settled as something else`];
    }
    const differs = FACTS.filter((name) => arrival && arrival[name] !== departure[name]);
    return differs.map((name) => `${id} arrived with another ${name} than it departed with`);
  });
}

/** What came of an order in the shard of its payee: of the same payer, credited and not refused. */
function arrivalOf(order: Row, shards: SimulatedShards): Row | undefined {
  const { id, wallet_id: payer, counterparty_wallet_id: payee } = order;
  const { arrivals, transactions } = shards.of(String(payee)).books.tables;
  const arrivalId = arrivalIdOf(String(id)) ?? '';
  const paid = transactions.get(arrivalId);
  const isSame = paid?.['wallet_id'] === payer && paid?.['counterparty_wallet_id'] === payee;
  return isSame ? arrivals.get(arrivalId) : undefined;
}

/** Nothing is credited that has not departed. */
function problemsOfArrivals(shards: SimulatedShards): string[] {
  const departed = new Set(
    shards.all.flatMap(({ books: { tables } }) =>
      [...tables.departures.keys()].map((id) => {
        const { wallet_id: payer } = tables.transactions.get(id) ?? {};
        return `${String(payer)} ${arrivalIdOf(id)}`;
      }),
    ),
  );
  return shards.all.flatMap(({ books: { tables } }) =>
    [...tables.arrivals.keys()].flatMap((id) => {
      const { wallet_id: payer } = tables.transactions.get(id) ?? {};
      return departed.has(`${String(payer)} ${id}`) ? [] : [`${id} arrived from nowhere`];
    }),
  );
}

/** What one shard's accounts have, the other's lack. */
function problemsOfTransit(shards: SimulatedShards): string[] {
  const accounts = shards.all
    .flatMap(({ books }) => [...books.tables.wallets.values()])
    .filter(({ kind }) => kind === 'transit');
  const ways = Map.groupBy(accounts, ({ name, currency }) => `${String(name)} ${String(currency)}`);
  return [...ways].flatMap(([way, all]) => {
    const left = all.reduce((sum, { posted }) => sum + (posted as bigint), 0n);
    return left === 0n ? [] : [`${way} has ${left} at the end`];
  });
}

/** A key that was refused is known elsewhere, and of one that two shards accepted one tells. */
function problemsOfKeys({ all }: SimulatedShards): string[] {
  const keys = new Map(all.map((shard) => [shard, keysOf(shard)]));
  const keepersOf = (id: string): SimulatedShard[] =>
    all.filter((shard) => keys.get(shard)?.has(id));
  return all.flatMap(({ own, books, commits }) => {
    const refused = commits.flatMap(({ used = new Set<string>() }) => [...used]);
    const wrong = refused.filter((id) => keepersOf(id).every((shard) => shard.own === own));
    const twice = [...books.tables.transactions.keys()].filter((id) => {
      const keepers = isArrivalId(id) ? [] : keepersOf(id);
      return keepers.length > 1 && !keepers.some((one) => one.books.tables.reused_keys.has(id));
    });
    return [
      ...wrong.map((id) => `${id} was refused in shard ${own} for a key that nobody else has`),
      ...twice.map((id) => `${id} is a payment in two shards, and nobody tells`),
    ];
  });
}

/** What may be there once only: payments, and quotes that stand for one. */
function keysOf({ books: { tables } }: SimulatedShard): Set<string> {
  const used = [...tables.conversions.values()].filter((row) => row['uses_quote'] === true);
  return new Set([...tables.transactions.keys(), ...used.map((row) => String(row['quote_id']))]);
}

interface ToldEvent {
  id: string;
  type: string;
  data: {
    transaction?: { id: string; walletId: string };
    entries?: { direction: string; amount: string; currency?: string }[];
  };
}

/** Whoever reads events learns of both sides of a payment, and once that it is completed. */
function problemsOfTold(events: MemoryStream): string[] {
  const told = new Map<string, ToldEvent>();
  for (const { data } of events.messages) {
    for (const event of JSON.parse(Buffer.from(data).toString()) as ToldEvent[]) {
      told.set(event.id, event);
    }
  }
  const completed = new Set<string>();
  const problems: string[] = [];
  for (const { id, type, data } of told.values()) {
    const { transaction, entries = [] } = data;
    const sums = new Map<string, bigint>();
    for (const { direction, amount, currency = '' } of entries) {
      const delta = direction === 'debit' ? -BigInt(amount) : BigInt(amount);
      sums.set(currency, (sums.get(currency) ?? 0n) + delta);
    }
    if ([...sums.values()].some((sum) => sum !== 0n)) {
      problems.push(`event ${id} tells entries that do not sum to zero`);
    }
    if (transaction === undefined || !type.startsWith('florin.transaction-completed')) continue;
    const key = `${transaction.walletId} ${transaction.id}`;
    if (completed.has(key)) problems.push(`${key} was told to be completed twice`);
    completed.add(key);
  }
  return problems;
}
