import { expect, test } from 'vitest';
import { killUnderLoad } from './kill-under-load.ts';
import { flawless } from './reckoning.ts';

test('kill -9 of every kind of process under load loses, doubles and hides nothing', async () => {
  const report = await killUnderLoad({
    seconds: 15,
    transactions: 500,
    kills: 1,
    clients: 16,
    ledgers: 2,
    wallets: 20,
    say: () => undefined,
  });
  expect(report).toMatchObject(flawless);
  expect(report.acknowledged).toBeGreaterThanOrEqual(500);
});
