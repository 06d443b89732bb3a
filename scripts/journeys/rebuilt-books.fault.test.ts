import { createHotPool } from '@florin/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildLedger } from '../cli/rebuild-ledger.ts';
import { serviceDatabase } from '../cli/local-servers.ts';
import { openLoad, type Load } from '../faults/open-load.ts';
import { anyPayment } from '../faults/payer.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';

const SERVICES = 'auditor bank-simulator banking fraud gateway identity ledger'.split(' ');
let platform: ScratchPlatform;
let load: Load;
beforeAll(async () => {
  platform = await startScratchPlatform({ fraudScoring: 'off', services: SERVICES });
  load = await openLoad(platform, 4);
});
afterAll(async () => {
  await load[Symbol.asyncDispose]();
  await platform.stop();
});

test('hunts books that are not what was told of them, and nobody who sees it', async () => {
  const { payer, wallets } = load;
  await Promise.all(Array.from({ length: 40 }, () => payer.settle(anyPayment(wallets))));
  const honest = await rebuildLedger({ dev: platform.dev() });
  expect(honest.failed, honest.text).toBe(false);
  expect(honest.text).toMatch(/risk profiles +\d+ .*the same bytes/);

  const url = serviceDatabase(platform.dev().postgresUrl, 'ledger');
  const pool = createHotPool({ url, applicationName: 'thief', max: 1 });
  const [wallet] = wallets;
  // Somebody who is above all triggers, and careful enough to keep every sum right.
  await pool.query('SET session_replication_role = replica');
  await pool.query(
    `UPDATE entries SET transaction_id = gen_random_uuid() WHERE wallet_id = $1 AND sequence = 1`,
    [wallet],
  );
  await pool.end();
  const changed = await rebuildLedger({ dev: platform.dev() });
  expect(changed.failed).toBe(true);
  expect(changed.text).toContain(`live ${wallet} 1 `);
});
