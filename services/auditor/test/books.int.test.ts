import { STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBreaks, readTotals } from '../sql/breaks.ts';
import {
  actionOf,
  createBooks,
  laneSubjectOf,
  messageOf,
  openLog,
  type Log,
} from './log-surroundings.ts';

/**
 * Hunts breaks of the books that the events tell and the auditor does not see, and breaks that it
 * sees where there are none: events come twice, late and from several partitions at once.
 */

const PARTITIONS = 4;
let log: Log;
let books: ReturnType<typeof createBooks>;

beforeEach(async () => {
  log = await openLog();
  books = createBooks(PARTITIONS);
  await log.tell(books.wallets.map((wallet) => books.open(wallet)));
});
afterEach(() => log[Symbol.asyncDispose]());

const invariants = async (): Promise<string[]> =>
  (await listBreaks(log.pool)).map(({ invariant }) => invariant.slice(0, 2)).toSorted();

const counts = async () => {
  const { rows } = await log.pool.query<{ records: bigint; waiting: bigint }>(
    `SELECT (SELECT count(*) FROM records) AS records,
            (SELECT count(*) FROM waiting_entries) AS waiting`,
  );
  return rows[0];
};

type Event = ReturnType<(typeof books)['deposit']>;
const [FIRST, SECOND] = [0, 1];
const wallet = (at: number) => books.wallets[at] as (typeof books.wallets)[number];
/** The same event, saying something else. */
const forged = (event: Event, change: (data: Event['data']) => void): Event => {
  const copy = structuredClone(event);
  change(copy.data);
  return copy;
};

describe('books that are right', () => {
  it('have no breaks, however often their events come', async () => {
    const deposits = books.wallets.map((one) => books.deposit(one, 100n));
    const transfers = books.wallets.map((one, at) =>
      books.transfer(one, wallet((at + 1) % 12), 7n),
    );
    await log.tell(deposits);
    await log.tell([...deposits, ...transfers]);
    await log.tell(transfers);
    expect(await listBreaks(log.pool)).toEqual([]);
    expect(await counts()).toEqual({ records: 36n, waiting: 0n });
    expect(await readTotals(log.pool)).toEqual([{ currency: 'USD', total: 0n }]);
    const { rows } = await log.pool.query(
      'SELECT wallet_id, balance FROM wallet_books WHERE owned',
    );
    const told = new Map(rows.map((row) => [row.wallet_id, row.balance]));
    expect(told).toEqual(new Map(books.wallets.map(({ id, balance }) => [id, balance])));
  });

  it('have none when partitions overtake each other', async () => {
    const events = [
      ...books.wallets.map((one) => books.deposit(one, 100n)),
      ...books.wallets.map((one, at) => books.transfer(one, wallet((at + 1) % 12), 7n)),
    ];
    // Each partition in its order, but the partitions one after the other, the last one first.
    const lanes = Map.groupBy(events, ({ data }) => data.partition);
    const backwards = [...lanes].toSorted(([a], [b]) => b - a).map(([, lane]) => lane);
    let waited = 0n;
    for (const lane of backwards) {
      await log.tell(lane);
      waited += (await counts())?.waiting ?? 0n;
    }
    expect(waited).toBeGreaterThan(0n);
    expect((await counts())?.waiting).toBe(0n);
    expect(await listBreaks(log.pool)).toEqual([]);
  });
});

describe('a break is found:', () => {
  it('I1, entries that don’t sum to zero', async () => {
    await log.tell([
      forged(books.deposit(wallet(FIRST), 100n), ({ entries }) => {
        (entries[0] as { amount: string }).amount = '99';
        (entries[0] as { balanceAfter: string }).balanceAfter = '-99';
      }),
    ]);
    expect(await invariants()).toEqual(['I1', 'I1']);
  });

  it('I2, a balance that does not follow', async () => {
    await log.tell([
      forged(books.deposit(wallet(FIRST), 100n), ({ entries }) => {
        (entries[1] as { balanceAfter: string }).balanceAfter = '101';
      }),
    ]);
    expect(await invariants()).toEqual(['I2']);
  });

  it('I3, a wallet of somebody that owes something', async () => {
    await log.tell([books.transfer(wallet(FIRST), wallet(SECOND), 1n)]);
    expect(await invariants()).toEqual(['I3']);
  });

  it('I4, a second outcome of a transaction', async () => {
    const first = books.deposit(wallet(FIRST), 100n);
    const again = forged(books.deposit(wallet(SECOND), 100n), (data) => {
      data.transaction.id = first.data.transaction.id;
    });
    await log.tell([first]);
    await log.tell([again]);
    expect(await invariants()).toEqual(['I4']);
  });

  it('I5, two entries of one sequence', async () => {
    const event = books.deposit(wallet(FIRST), 100n);
    const second = forged(books.deposit(wallet(SECOND), 100n), ({ entries }) => {
      entries[1] = event.data.entries[1] as (typeof entries)[number];
    });
    await log.tell([event, second]);
    expect(await invariants()).toEqual(['I5']);
  });

  it('I5, an entry that does not come for a minute', async () => {
    const lost = books.deposit(wallet(FIRST), 5n);
    const next = books.deposit(wallet(FIRST), 6n);
    await log.tell([next]);
    const { rows } = await log.pool.query('SELECT count(*)::int AS entries FROM waiting_entries');
    expect(rows).toEqual([{ entries: 2 }]);
    // What has waited for a minute is missing.
    await log.pool.query(`UPDATE waiting_entries SET seen_at = now() - interval '61 seconds'`);
    expect(await invariants()).toEqual(['I5', 'I5', 'I6']);
    await log.tell([lost]);
    expect(await invariants()).toEqual(['I6', 'I6']);
  });

  it('I6, an event that came again and says something else', async () => {
    const event = books.deposit(wallet(FIRST), 100n);
    await log.tell([event]);
    await log.tell([forged(event, (data) => (data.transaction.amount = '1000'))]);
    expect(await invariants()).toEqual(['I6']);
    expect((await counts())?.records).toBe(13n);
  });

  it('messages of somebody who may not tell them, which become no records', async () => {
    const event = books.deposit(wallet(FIRST), 100n);
    const unsigned = {
      ...messageOf('ledger', laneSubjectOf(event), [event]),
      header: () => undefined,
    };
    await log.write(STREAMS.events, [
      messageOf('gateway', laneSubjectOf(event), [event]),
      unsigned,
      messageOf('ledger', laneSubjectOf(event), [{ type: 'none' }]),
    ]);
    expect(log.refused).toEqual([
      'gateway may not tell this',
      'signature: missing',
      'not a batch of events',
    ]);
    expect(await listBreaks(log.pool)).toHaveLength(3);
    expect((await counts())?.records).toBe(12n);
  });
});

describe('the log', () => {
  it('takes nothing from a process whose lease is over', async () => {
    const event = books.deposit(wallet(FIRST), 100n);
    await log.pool.query('UPDATE sources SET epoch = 7 WHERE partition = 0');
    expect(await log.tell([event])).toBe('fenced');
    expect((await counts())?.records).toBe(12n);
  });

  it.each(['UPDATE records SET actor = $1', 'DELETE FROM records WHERE actor = $1'])(
    'refuses to be changed, even to its owner: %s',
    async (statement) => {
      await log.act([actionOf(uuidv7())]);
      await expect(log.pool.query(statement, ['x'])).rejects.toMatchObject({ code: '42501' });
    },
  );
});
