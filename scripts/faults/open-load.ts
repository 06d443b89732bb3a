import { connect, type Bus } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import type pg from 'pg';
import type { Platform } from '../platform/platform.ts';
import { createRestClient } from '../platform/rest-client.ts';
import { machineToken } from './machine-token.ts';
import { createPayer, type Acknowledged, type Payer } from './payer.ts';

/** A running platform with funded wallets, somebody who pays, and a way to look into the books. */
export interface Load extends AsyncDisposable {
  payer: Payer;
  wallets: string[];
  /** Everything that clients were told so far. */
  acknowledged: Acknowledged[];
  pool: pg.Pool;
  bus: Bus;
}

const FUNDING = '100000';

export async function openLoad(platform: Platform, walletCount: number): Promise<Load> {
  const { gatewayUrl, natsUrl, postgresUrl, oauthClient } = platform.dev();
  const token = machineToken(gatewayUrl, oauthClient);
  const payer = createPayer(gatewayUrl, token);
  const client = createRestClient(gatewayUrl, await token());
  const acknowledged: Acknowledged[] = [];
  const wallets: string[] = [];
  for (let i = 0; i < walletCount; i++) {
    const opened = await client.post('/v1/wallets', { currency: 'USD', name: `wallet ${i}` });
    const { id } = client.expect<{ id: string }>(opened, 201);
    wallets.push(id);
    const body = { walletId: id, amount: FUNDING, bankAccount: 'ok' };
    acknowledged.push(await payer.settle({ key: `fund-${id}`, path: '/v1/deposits', body }));
  }
  const url = new URL(postgresUrl);
  url.pathname = '/florin_ledger';
  const pool = createHotPool({
    url: url.href,
    applicationName: 'reckoning',
    statementTimeoutMs: 300_000,
  });
  const log = createLogger('reckoning', 'fatal');
  const bus = await connect({ url: natsUrl, name: 'reckoning', log });
  return {
    payer,
    wallets,
    acknowledged,
    pool,
    bus,
    async [Symbol.asyncDispose]() {
      await bus.close();
      await pool.end();
    },
  };
}
