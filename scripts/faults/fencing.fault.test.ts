import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { openLoad, type Load } from './open-load.ts';
import { anyPayment } from './payer.ts';
import { flawless, reckon } from './reckoning.ts';

const PARTITIONS = 16;

test('a ledger that sleeps past its lease under load is fenced: nothing moves twice', async () => {
  await using platform = await startScratchPlatform({
    fraudScoring: 'off',
    scale: { ledger: 2 },
    serviceEnv: { ledger: { LEASE: '2s' } },
  });
  await using load = await openLoad(platform, 20);
  await eventually(async () => (await owners(load)).length === 2);
  let paying = true;
  const clients = Array.from({ length: 16 }, async () => {
    while (paying) load.acknowledged.push(await load.payer.settle(anyPayment(load.wallets)));
  });
  const sleeper = platform.pidOf('ledger') as number;
  process.kill(sleeper, 'SIGSTOP');
  // Somebody else owns all partitions although the sleeper has never given any back.
  await eventually(async () => (await owners(load)).length === 1);
  await morePayments(load, 200);
  process.kill(sleeper, 'SIGCONT');
  await eventually(async () => (await owners(load)).length === 2);
  await morePayments(load, 200);
  paying = false;
  await Promise.all(clients);

  expect(platform.pidOf('ledger')).toBe(sleeper);
  expect(await lostLeases(platform)).toBeGreaterThan(0);
  expect(await reckon(load.pool, load.bus, load.wallets, load.acknowledged)).toMatchObject(
    flawless,
  );
});

/** Who owns partitions; no one when some are free. */
async function owners({ pool }: Load): Promise<string[]> {
  const { rows } = await pool.query<{ owner: string; partitions: number }>(
    `SELECT owner, count(*)::int AS partitions FROM partitions
      WHERE owner IS NOT NULL GROUP BY owner`,
  );
  const total = rows.reduce((sum, row) => sum + row.partitions, 0);
  return total === PARTITIONS ? rows.map((row) => row.owner) : [];
}

async function morePayments({ acknowledged }: Load, count: number): Promise<void> {
  const before = acknowledged.length;
  await eventually(() => acknowledged.length >= before + count);
}

/** How many partitions the first ledger had to give up because its time was over. */
async function lostLeases(platform: Platform): Promise<number> {
  const metrics = await fetch(new URL('/metrics', platform.dev().metrics['ledger']));
  const lines = (await metrics.text()).split('\n');
  return lines
    .filter((line) => /^lease_transitions_total\{.*why="(expired|fenced)"/.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
