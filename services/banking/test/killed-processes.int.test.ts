import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { startBanking } from './banking-process.ts';
import { createSurroundings } from './surroundings.ts';

const OUTCOMES = {
  ok: 'completed',
  declined: 'failed',
  'unknown-then-ok': 'completed',
  'unknown-then-declined': 'failed',
} as const;
const BANKS = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];
const ROUNDS = 5;
const PER_BANK = 30;

test('two processes killed with -9 over and over lose no payment and repeat none', async () => {
  await using around = await createSurroundings('banking_killed');
  const { ledger, simulator, environment } = around;
  // Breakers that open would only slow this down; many calls are meant to fail.
  const settings = { ...environment, CLAIM_TIME: '1s', BREAKER_ERROR_PERCENT: '100' };
  for (const bank of BANKS) await simulator.change(bank, { delayMs: 20, failureRate: 0.1 });

  let [first, second] = await Promise.all([startBanking(settings), startBanking(settings)]);
  const begun = new Map<string, keyof typeof OUTCOMES>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const bank of BANKS) {
      const type = round % 2 === 0 ? 'deposit' : 'withdrawal';
      for (const id of await ledger.beginMany(type, bank, PER_BANK)) begun.set(id, bank);
    }
    const heard = () => [...begun.keys()].filter((id) => ledger.settlementsOf(id).length > 0);
    const before = heard().length;
    await eventually(() => heard().length > before);
    await first.kill9();
    [first, second] = [second, await startBanking(settings)];
  }

  await eventually(async () => {
    const { rows } = await around.database.hot.query<{ done: number }>(
      "SELECT count(*)::int AS done FROM payments WHERE state = 'done'",
    );
    return rows[0]?.done === begun.size;
  });
  for (const [id, bank] of begun) {
    const outcomes = new Set(ledger.settlementsOf(id).map((one) => JSON.stringify(one)));
    expect(outcomes.size).toBe(1);
    expect(ledger.settlementsOf(id)[0]?.outcome).toBe(OUTCOMES[bank]);
  }
  for (const bank of BANKS) {
    const { payments } = await simulator.statement(bank);
    const expected = [...begun].filter(([, b]) => b === bank && OUTCOMES[b] === 'completed');
    expect(new Set(payments.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(
      payments.length,
    );
    expect(payments.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual(
      expected.map(([id]) => id).toSorted(),
    );
  }
  expect(await first.stop()).toBe(0);
  expect(await second.stop()).toBe(0);
});
