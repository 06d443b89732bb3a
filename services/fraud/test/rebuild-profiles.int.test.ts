import { FRAUD_REQUESTS, STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { apply } from '@florin/ml/features';
import { eventually } from '@florin/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTeller } from './facts.ts';
import { openSurroundings, orderOf, runFraud } from './surroundings.ts';
import type { Running, Surroundings } from './surroundings.ts';

/** Hunts profiles that are not what the events make of them, and nobody who sees it. */

let around: Surroundings;
let fraud: Running;
let teller: ReturnType<typeof createTeller>;

beforeEach(async () => {
  around = await openSurroundings();
  teller = createTeller(around.bus);
});
afterEach(async () => {
  await fraud.stop();
  await around[Symbol.asyncDispose]();
});

const WALLETS = 6;
async function rebuilt() {
  const contract = FRAUD_REQUESTS.rebuildProfiles;
  const found = await request(around.bus, contract, {}, { timeoutMs: 60_000 });
  return 'problem' in found ? { ...found, live: '', rebuilt: '', profiles: 0 } : found;
}

/** New wallets that open and pay. Resolves when every order is answered. */
async function live(): Promise<string[]> {
  const wallets = Array.from({ length: WALLETS }, () => uuidv7());
  const answered = around.ready.length + WALLETS;
  for (const wallet of wallets) {
    await teller.walletOpened(wallet, uuidv7());
    const payee = wallet === wallets[0] ? uuidv7() : (wallets[0] ?? '');
    await around.send([orderOf(wallet), orderOf(wallet, { counterpartyWalletId: payee })]);
  }
  await eventually(() => around.ready.length === answered);
  return wallets;
}

test('profiles made anew are the live ones to the byte, parked ones too', async () => {
  fraud = await runFraud(around, { parkAfterMs: 1 });
  await live();
  const first = await rebuilt();
  expect(first).toMatchObject({ from: 'nothing', messages: 12, rebuilt: first.live });
  expect(first.profiles).toBeGreaterThanOrEqual(WALLETS);
  await fraud.keeper.save();
  await live();
  const second = await rebuilt();
  expect(second).toMatchObject({ from: 'nothing', messages: 24, rebuilt: second.live });
});

test('a profile that somebody has changed is found', async () => {
  fraud = await runFraud(around);
  const [walletId = ''] = await live();
  apply(fraud.keeper.profiles, { kind: 'reported', walletId, at: Date.now() });
  const { live: found, rebuilt: made } = await rebuilt();
  expect(found).not.toBe(made);
});

test('streams without their beginning are folded from the newest snapshot on', async () => {
  fraud = await runFraud(around);
  await live();
  await fraud.keeper.save();
  await live();
  // What is left are at least the orders since then, and their answers.
  await around.bus.jsm.streams.update(STREAMS.transactions, {
    max_msgs: 3 * WALLETS,
    discard: 'old',
  });
  const found = await rebuilt();
  expect(found).toMatchObject({ from: 'snapshot', rebuilt: found.live });
  await live();
  expect(await rebuilt()).toMatchObject({ problem: expect.stringContaining('forgotten') });
});
