import { randomUUID } from 'node:crypto';
import { createEnvelope, EVENT_TYPES, type LedgerEvent } from '@florin/contracts';
import { systemClock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMonitorUseCases } from '../manage-monitors.ts';
import { createWebhookUseCases } from '../manage-webhooks.ts';
import { createInboxUseCases } from '../read-inbox.ts';
import { forgetPerson } from '../sql/messages.ts';
import { createTellEvents } from '../tell-event.ts';

/**
 * Hunts crossings that are told twice, to others, or not at all, with a real Postgres and events
 * that come again and in the wrong order.
 */

const stack = new AsyncDisposableStack();
const owners = new Map<string, string>();
const clock = systemClock;
let database: Database;
let monitors: ReturnType<typeof createMonitorUseCases>;
let inbox: ReturnType<typeof createInboxUseCases>;
let webhooks: ReturnType<typeof createWebhookUseCases>;
let tell: ReturnType<typeof createTellEvents>;
let told = 0;

function person(): { id: string; wallet: string } {
  const [id, wallet] = [randomUUID(), randomUUID()];
  owners.set(wallet, id);
  return { id, wallet };
}

/** What the ledger tells as a balance goes from one amount to the next. */
function life(wallet: string, balances: readonly number[]): LedgerEvent[] {
  return balances.slice(1).map((to, at) => {
    const from = balances[at] ?? 0;
    const time = new Date(Date.now() + 1_000).toISOString();
    return createEnvelope(EVENT_TYPES['transaction-completed'], {
      id: `00-${++told}`,
      source: 'test',
      wallet,
      time,
      data: {
        partition: 0,
        sequence: told,
        transaction: {
          id: randomUUID(),
          type: to > from ? ('deposit' as const) : ('withdrawal' as const),
          status: 'completed' as const,
          walletId: wallet,
          amount: String(Math.abs(to - from)),
          currency: 'USD' as const,
          createdAt: time,
        },
        entries: [
          {
            walletId: wallet,
            sequence: at + 1,
            direction: to > from ? ('credit' as const) : ('debit' as const),
            amount: String(Math.abs(to - from)),
            balanceAfter: String(to),
          },
        ],
      },
    });
  });
}

async function watch(owner: { id: string; wallet: string }, direction: 'below' | 'above') {
  const asked = { ownerId: owner.id, walletId: owner.wallet, direction, threshold: '100' };
  const made = await monitors.createMonitor(asked);
  if ('refused' in made) throw new Error(made.detail);
  return made.monitor;
}

const kindsOf = async (userId: string) =>
  (await inbox.listMessages({ userId, unreadOnly: false, limit: 100 })).items
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('balance'));

beforeAll(async () => {
  const url = await freshDatabase('notifications', new URL('../migrations', import.meta.url));
  database = stack.use(await createPool({ url, applicationName: 'notifications' }));
  const db = database.slonik;
  monitors = createMonitorUseCases({ db, clock });
  inbox = createInboxUseCases({ db, clock });
  const [onDeliveries, onMails] = [() => undefined, () => undefined];
  const key = Buffer.alloc(32);
  const managed = { db, key, allowPrivate: true, webhooksMax: 3, clock, onDeliveries };
  webhooks = createWebhookUseCases(managed);
  const findOwners = async () => owners;
  tell = createTellEvents({ db, findOwners, clock, onDeliveries, onMails });
});
afterAll(() => stack.disposeAsync());

describe('a balance monitor', () => {
  it('tells each crossing once, in the app, by mail and to programs, in any order', async () => {
    const [ana, ben] = [person(), person()];
    const hook = { ownerId: ana.id, url: 'http://127.0.0.1:9/', eventTypes: [], everything: false };
    const made = await webhooks.createWebhook(hook);
    if ('refused' in made) throw new Error(made.detail);
    const below = await watch(ana, 'below');
    await watch(ana, 'above');
    await watch(ben, 'below');
    const events = life(ana.wallet, [150, 90, 80, 120, 130, 99, 100]);
    for (const event of events.toReversed()) await tell([event]);
    await tell(events);
    await Promise.all([tell(events), tell(events)]);
    const kinds = await kindsOf(ana.id);
    expect(kinds.filter((kind) => kind === 'balance-below')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'balance-above')).toHaveLength(2);
    expect(await kindsOf(ben.id)).toEqual([]);
    const asked = { ownerId: ana.id, id: made.webhook.id, limit: 100 };
    const deliveries = (await webhooks.listDeliveries(asked)).page?.items ?? [];
    const crossed = deliveries.filter(({ eventType }) => eventType === 'balance-crossed');
    expect(crossed).toHaveLength(4);
    const { rows } = await database.hot.query(
      "SELECT count(*)::int AS mails FROM mails WHERE user_id = $1 AND kind LIKE 'balance-%'",
      [ana.id],
    );
    expect(rows).toEqual([{ mails: 4 }]);
    const seen = await monitors.getMonitor({ ownerId: ana.id, id: below.id });
    expect(seen.monitor?.lastCrossedAt).toBeTypeOf('string');
  });

  it('that was moved or removed tells nothing of before, and nothing any more', async () => {
    const ana = person();
    const { id } = await watch(ana, 'below');
    const moved = { ownerId: ana.id, id, threshold: '50' };
    expect((await monitors.changeMonitor(moved)).monitor).toMatchObject({ threshold: '50' });
    await tell(life(ana.wallet, [150, 90]));
    expect(await kindsOf(ana.id)).toEqual([]);
    await tell(life(ana.wallet, [90, 10]));
    expect(await kindsOf(ana.id)).toEqual(['balance-below']);
    expect(await monitors.deleteMonitor({ ownerId: ana.id, id })).toEqual({ deleted: true });
    await tell(life(ana.wallet, [60, 20, 60, 20]));
    expect(await kindsOf(ana.id)).toHaveLength(1);
  });

  it('does not exist for others, has a limit, and is forgotten with its owner', async () => {
    const [ana, eve] = [person(), person()];
    const { id } = await watch(ana, 'below');
    const asEve = { ownerId: eve.id, id };
    expect(await monitors.getMonitor(asEve)).toEqual({ monitor: null });
    expect(await monitors.changeMonitor({ ...asEve, threshold: '1' })).toEqual({ monitor: null });
    expect(await monitors.deleteMonitor(asEve)).toEqual({ deleted: false });
    for (let made = 1; made < 50; made++) await watch(ana, 'above');
    await expect(watch(ana, 'above')).rejects.toThrow('at most 50');
    await forgetPerson(database.slonik, ana.id);
    expect((await monitors.listMonitors({ ownerId: ana.id, limit: 100 })).items).toEqual([]);
  });
});
