import { systemClock } from '@florin/kernel';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHotPool, createLeaseKeeper, type LeaseKeeper, type LeaseLoss } from '../mod.ts';

const PARTITIONS = 16;
const LEASE_MS = 1_000;
const POLL_MS = 100;

/** One process in miniature: a keeper, its own connections, its own clock, and what it saw. */
interface Member {
  keeper: LeaseKeeper;
  pool: pg.Pool;
  lost: [partition: number, why: LeaseLoss][];
  /** Makes every query fail, as when the network to the database is cut. */
  cut: { off: boolean };
  clock: { skewMs: number };
}

let url: string;
let members: Member[];
/** Who works on each partition right now, over all members: two at once is what we hunt. */
let working: Map<number, string>;
let doubles: string[];

beforeEach(async () => {
  url = await freshDatabase('leases', new URL('partitions', import.meta.url));
  members = [];
  working = new Map();
  doubles = [];
});

afterEach(async () => {
  for (const { keeper, pool, cut } of members) {
    cut.off = false;
    await keeper.stop();
    await pool.end();
  }
  expect(doubles, 'two members worked on the same partition').toEqual([]);
});

interface Behaviour {
  begin?: () => void;
  drain?: () => Promise<void>;
}

function createMember(owner: string, { begin, drain }: Behaviour = {}): Member {
  const pool = createHotPool({ url, applicationName: owner, max: 2 });
  const cut = { off: false };
  const clock = { skewMs: 0 };
  const lost: Member['lost'] = [];
  const query = (...args: unknown[]): unknown =>
    cut.off
      ? Promise.reject(new Error('Connection terminated'))
      : Reflect.apply(pool.query, pool, args);
  const keeper = createLeaseKeeper({
    pool: new Proxy(pool, {
      get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)),
    }),
    table: 'partitions',
    owner,
    leaseMs: LEASE_MS,
    pollMs: POLL_MS,
    log: createLogger(owner, 'silent'),
    metrics: createMetrics(owner),
    clock: { ...systemClock, monotonicMs: () => performance.now() + clock.skewMs },
    onAcquired(partition) {
      const other = working.get(partition);
      if (other !== undefined) doubles.push(`${partition}: ${other} and ${owner}`);
      working.set(partition, owner);
      begin?.();
    },
    async onLost(partition, why) {
      lost.push([partition, why]);
      try {
        await drain?.();
      } finally {
        working.delete(partition);
      }
    },
  });
  const member = { keeper, pool, lost, cut, clock };
  members.push(member);
  return member;
}

async function join(owner: string, behaviour?: Behaviour): Promise<Member> {
  const member = createMember(owner, behaviour);
  await member.keeper.start();
  return member;
}

const sizes = (): number[] => members.map(({ keeper }) => keeper.owned().size);
const settle = (expected: number[]) => eventually(() => expect(sizes()).toEqual(expected));
const whys = ({ lost }: Member): Set<LeaseLoss> => new Set(lost.map(([, why]) => why));

async function epochs(pool: pg.Pool): Promise<bigint[]> {
  const text = 'SELECT epoch FROM partitions ORDER BY partition';
  return (await pool.query<{ epoch: bigint }>(text)).rows.map(({ epoch }) => epoch);
}

/** Waits until the owner has gone on beating for longer than two lease times. */
async function outliveLease(pool: pg.Pool, owner: string): Promise<void> {
  const text = 'SELECT seen_at FROM lease_members WHERE owner = $1';
  const seenAtMs = async (): Promise<number> =>
    (await pool.query<{ seen_at: Date }>(text, [owner])).rows[0]?.seen_at.getTime() ?? NaN;
  const start = await seenAtMs();
  await eventually(async () => (await seenAtMs()) > start + 2 * LEASE_MS);
}

async function measure(what: string, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  const tookMs = Math.round(performance.now() - start);
  console.log(`${what}: ${tookMs} ms`);
  return tookMs;
}

describe('hunts partitions without an owner, or with two', () => {
  test('one takes all at the first turn, with the first epoch', async () => {
    const { keeper, pool } = await join('a');
    expect([...keeper.owned()]).toEqual(Array.from({ length: PARTITIONS }, (_, i) => [i, 1n]));
    expect(keeper.stillMine(3, 1n)).toBe(true);
    expect(keeper.stillMine(3, 0n)).toBe(false);
    expect(await epochs(pool)).toEqual(Array(PARTITIONS).fill(1n));
  });

  test('those who join get their fair share, and only what they take changes hands', async () => {
    const a = await join('a');
    await join('b');
    await measure('second member has its share after', () => settle([8, 8]));
    await join('c');
    await measure('third member has its share after', () => settle([6, 6, 4]));
    expect(whys(a)).toEqual(new Set(['surplus']));
    // Eight went to b, four to c, and none took a detour.
    const moves = (await epochs(a.pool)).reduce((sum, epoch) => sum + epoch - 1n, 0n);
    expect(moves).toBe(BigInt(8 + 4));
  });

  test('three that start at the same moment do not meet', async () => {
    await Promise.all(['a', 'b', 'c'].map((owner) => join(owner)));
    await eventually(() => {
      expect(sizes().reduce((sum, size) => sum + size)).toBe(PARTITIONS);
      expect(Math.max(...sizes())).toBeLessThanOrEqual(6);
    });
  });

  test('a clean stop hands over in less than a second, after the work in flight', async () => {
    let finishWork = (): void => {};
    const work = new Promise<void>((resolve) => (finishWork = resolve));
    const a = await join('a');
    const b = await join('b', { drain: () => work });
    // Its work must outlive a lease, and nobody may take the partitions meanwhile.
    await settle([8, 8]);
    const [partition, epoch] = [...b.keeper.owned()][0] as [number, bigint];
    const stopping = b.keeper.stop();
    await outliveLease(a.pool, 'b');
    expect(a.keeper.owned().size).toBe(8);
    expect(b.keeper.stillMine(partition, epoch)).toBe(true);
    finishWork();
    await stopping;
    expect(await measure('hand-over after a clean stop', () => settle([16, 0]))).toBeLessThan(
      1_000,
    );
    expect(b.keeper.stillMine(partition, epoch)).toBe(false);
  });
});

describe('hunts a partition that stays with nobody after a fault of its owner', () => {
  const failOnce = (): (() => void) => {
    let failed = false;
    return () => {
      if (failed) return;
      failed = true;
      throw new Error('fails once');
    };
  };

  test('one that could not be begun is begun again, at a new epoch', async () => {
    const a = await join('a', { begin: failOnce() });
    await eventually(() => expect(a.keeper.owned().get(0)).toBe(2n));
    expect(a.lost).toEqual([[0, 'failed']]);
  });

  test('one whose work ended badly still changes hands', async () => {
    const fail = failOnce();
    const a = await join('a', { drain: async () => fail() });
    await join('b');
    await settle([8, 8]);
    expect(whys(a)).toEqual(new Set(['surplus']));
  });

  test('without its tables a keeper does not start', async () => {
    const a = createMember('a');
    await a.pool.query('DROP TABLE partitions');
    await expect(a.keeper.start()).rejects.toMatchObject({ code: '42P01' });
  });
});

describe('hunts a death that goes unnoticed', () => {
  test('what a dead member owned is free once its lease time is over', async () => {
    const a = createMember('a');
    await a.pool.query(`INSERT INTO lease_members VALUES ('ghost', now())`);
    await a.pool.query(`UPDATE partitions SET owner = 'ghost', epoch = 7 WHERE partition < 8`);
    await a.keeper.start();
    expect(a.keeper.owned().size).toBe(8);
    const tookMs = await measure('take-over from a dead member', () => settle([16]));
    expect(tookMs).toBeLessThan(LEASE_MS + 10_000);
    expect(a.keeper.owned().get(0)).toBe(8n);
  });

  test('cut off from the database, it lets go before others take, and comes back', async () => {
    const a = await join('a');
    const b = await join('b');
    await settle([8, 8]);
    b.cut.off = true;
    await measure('take-over from a member cut off', () => settle([16, 0]));
    expect(whys(b)).toEqual(new Set(['expired']));
    b.cut.off = false;
    await settle([8, 8]);
    expect(whys(a)).toEqual(new Set(['surplus']));
  });

  test('paused past its lease, it knows before any of its timers has run', async () => {
    const a = await join('a');
    a.clock.skewMs = LEASE_MS;
    expect(a.keeper.stillMine(0, 1n)).toBe(false);
    // Nobody else was there, so it takes everything again, at a new epoch.
    await eventually(() => expect(a.keeper.stillMine(0, 2n)).toBe(true));
    expect(whys(a)).toEqual(new Set(['expired']));
  });

  test('a partition taken by force is noticed at the next look, or when told so', async () => {
    const a = await join('a');
    await a.pool.query(`INSERT INTO lease_members VALUES ('b', now() + interval '1 hour')`);
    await a.pool.query(`UPDATE partitions SET owner = 'b', epoch = 2 WHERE partition < 8`);
    a.keeper.fenced(0);
    expect(a.keeper.owned().has(0)).toBe(false);
    await settle([8]);
    expect(
      a.lost.filter(([, why]) => why === 'fenced').map(([partition]) => partition),
    ).toHaveLength(8);
  });

  test('a posting that holds its row neither stops the beats nor is waited for', async () => {
    const a = await join('a');
    const posting = await a.pool.connect();
    await posting.query('BEGIN');
    await posting.query('UPDATE partitions SET epoch = epoch WHERE partition = 0');
    await outliveLease(a.pool, 'a');
    expect(a.keeper.stillMine(0, 1n)).toBe(true);
    // Somebody dead left that row locked: the others are taken all the same.
    a.clock.skewMs += LEASE_MS;
    await eventually(() => expect(a.keeper.owned().size).toBe(PARTITIONS - 1));
    await posting.query('COMMIT');
    posting.release();
    await settle([PARTITIONS]);
  });
});
