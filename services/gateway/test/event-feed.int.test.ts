import { randomUUID } from 'node:crypto';
import {
  createEnvelope,
  EVENT_TYPES,
  eventSubject,
  MANY_WALLETS,
  type LedgerEvent,
} from '@florin/contracts';
import { connect, provision, type Bus } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually, freshNats } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventFeed, type EventFeed } from '../live/event-feed.ts';
import { positionText, readPosition } from '../live/position.ts';

/**
 * Hunts gaps and repeats: every event of one's own wallets comes once and in order, however often
 * one goes away, and whether what was missed is still in memory or only in the stream.
 */

const stack = new AsyncDisposableStack();
const wallet = randomUUID();
const owner = randomUUID();
let bus: Bus;
let feed: EventFeed;
let told = 0;

const eventOf = (sequence: number, walletId: string): LedgerEvent =>
  createEnvelope(EVENT_TYPES['transaction-completed'], {
    id: `00-${sequence}`,
    source: 'test',
    wallet: walletId,
    time: new Date().toISOString(),
    data: {
      partition: 0,
      sequence,
      transaction: {
        id: randomUUID(),
        type: 'transfer',
        status: 'completed',
        walletId,
        counterpartyWalletId: randomUUID(),
        amount: '1',
        currency: 'USD',
        createdAt: new Date().toISOString(),
        completedAt: new Date().toISOString(),
      },
      entries: [],
    },
  });

/** Stores a message of events, each with the next number of the partition. */
async function tell(...walletIds: string[]): Promise<void> {
  const events = walletIds.map((walletId) => eventOf(++told, walletId));
  await bus.js.publish(eventSubject(0, MANY_WALLETS, 'many'), JSON.stringify(events));
}

function listen(heard: string[], numbers: number[], after?: string) {
  return feed.follow({
    ownerId: owner,
    walletIds: new Set([wallet]),
    after: after === undefined ? undefined : readPosition(after),
    onEvent({ position, event }) {
      heard.push(positionText(position));
      numbers.push(event.data.sequence);
    },
    onGap: () => heard.push('gap'),
  });
}

beforeAll(async () => {
  const nats = stack.use(await freshNats());
  bus = stack.use(
    await connect({ url: nats.url, name: 'test', log: createLogger('test', 'silent') }),
  );
  await provision(bus);
  feed = createEventFeed(bus);
  stack.defer(() => feed.close());
});
afterAll(() => stack.disposeAsync());

describe('the feed of events', () => {
  it('tells only what comes from now on, and only of one’s own wallets', async () => {
    await tell(wallet);
    const [heard, numbers]: [string[], number[]] = [[], []];
    const follower = await listen(heard, numbers);
    await tell(randomUUID(), wallet, randomUUID());
    await eventually(() => expect(numbers).toEqual([3]));
    expect(heard).toEqual(['2.1']);
    follower.stop();
  });

  it('can be followed after the server could not answer the first who wanted to', async () => {
    await using nats = await freshNats();
    await using early = await connect({
      url: nats.url,
      name: 'early',
      log: createLogger('test', 'silent'),
    });
    const late = createEventFeed(early);
    const options = {
      ownerId: owner,
      walletIds: new Set<string>(),
      after: undefined,
      onEvent: () => undefined,
      onGap: () => undefined,
    };
    await expect(late.follow(options)).rejects.toThrow('stream not found');
    await provision(early);
    (await late.follow(options)).stop();
    await late.close();
  });

  it('goes on right behind the event that was heard last, in the middle of a message', async () => {
    await tell(wallet, wallet, wallet);
    const [heard, numbers]: [string[], number[]] = [[], []];
    const follower = await listen(heard, numbers, '3.0');
    await eventually(() => expect(heard).toEqual(['3.1', '3.2']));
    await tell(wallet);
    await eventually(() => expect(heard).toEqual(['3.1', '3.2', '4.0']));
    follower.stop();
  });

  it('hears of a wallet that was opened while it listened', async () => {
    const opened = randomUUID();
    const [heard, numbers]: [string[], number[]] = [[], []];
    const follower = await listen(heard, numbers);
    const opening = createEnvelope(EVENT_TYPES['wallet-opened'], {
      id: 'x',
      source: 'test',
      wallet: opened,
      time: '',
      data: { partition: 0, sequence: ++told, wallet: { id: opened, ownerId: owner } },
    });
    await bus.js.publish(eventSubject(0, opened, 'wallet-opened'), JSON.stringify([opening]));
    await tell(opened);
    await eventually(() => expect(numbers).toEqual([told - 1, told]));
    follower.stop();
  });

  it('drops what the ledger tells again after a crash', async () => {
    const [heard, numbers]: [string[], number[]] = [[], []];
    const follower = await listen(heard, numbers);
    const again = [eventOf(told, wallet), eventOf(told + 1, wallet)];
    told += 1;
    await bus.js.publish(eventSubject(0, MANY_WALLETS, 'many'), JSON.stringify(again));
    await eventually(() => expect(numbers).toEqual([told]));
    follower.stop();
  });

  it('catches up from the stream while others go on, and loses and repeats nothing', async () => {
    const first = told + 1;
    for (let message = 0; message < 1500; message++) await tell(wallet, randomUUID());
    const start = (await bus.jsm.streams.info('EVT')).state.last_seq - 1500;
    const fresh = createEventFeed(bus);
    const numbers: number[] = [];
    const follower = await fresh.follow({
      ownerId: owner,
      walletIds: new Set([wallet]),
      after: { sequence: start, index: Number.MAX_SAFE_INTEGER },
      onEvent: ({ event }) => numbers.push(event.data.sequence),
      onGap: () => numbers.push(-1),
    });
    for (let message = 0; message < 200; message++) await tell(wallet, randomUUID());
    await eventually(() => expect(numbers).toHaveLength(1700));
    expect(numbers).toEqual(Array.from({ length: 1700 }, (_, nth) => first + nth * 2));
    follower.stop();
    await fresh.close();
  });

  it('reads once for all who come back together after a pause', async () => {
    const before = told;
    for (let message = 0; message < 1200; message++) await tell(wallet);
    const { last_seq: last } = (await bus.jsm.streams.info('EVT')).state;
    const fresh = createEventFeed(bus);
    const heard = Array.from({ length: 60 }, (): number[] => []);
    const followers = await Promise.all(
      heard.map((numbers, nth) =>
        fresh.follow({
          ownerId: owner,
          walletIds: new Set([wallet]),
          after: { sequence: last - 1200 + nth, index: Number.MAX_SAFE_INTEGER },
          onEvent: ({ event }) => numbers.push(event.data.sequence),
          onGap: () => numbers.push(-1),
        }),
      ),
    );
    let readers = 0;
    await eventually(async () => {
      const { consumer_count: count } = (await bus.jsm.streams.info('EVT')).state;
      readers = Math.max(readers, count);
      return heard.every((numbers) => numbers.at(-1) === told);
    });
    for (const [nth, numbers] of heard.entries()) {
      expect(numbers).toEqual(
        Array.from({ length: 1200 - nth }, (_, missed) => before + 1 + nth + missed),
      );
    }
    await tell(wallet);
    await eventually(() => heard.every((numbers) => numbers.at(-1) === told));
    // That of the feed of the other tests, the one that all share, and the latecomers’.
    expect(readers).toBeLessThanOrEqual(5);
    for (const follower of followers) follower.stop();
    expect(fresh.followers()).toBe(0);
    await fresh.close();
  });

  it('says that it can’t go on from a position that the stream never had', async () => {
    const heard: string[] = [];
    const follower = await listen(heard, [], '999999.0');
    expect(heard).toEqual(['gap']);
    follower.stop();
  });
});
