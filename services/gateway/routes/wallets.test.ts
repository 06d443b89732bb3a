import { asClientId, systemClock } from '@florin/kernel';
import { expect, test } from 'vitest';
import type { Caller } from '../domain/caller.ts';
import { walletRoutes } from './wallets.ts';

type Deps = Parameters<typeof walletRoutes>[0];

const machine: Caller = { id: asClientId('florin-dev'), kind: 'machine', scopes: new Set() };

/** Hunts a command that the ledger can only bury: its client would try again for ever. */
test('a machine client says for whom it opens a wallet: it can own none', async () => {
  let sent = 0;
  const openWallet: Deps['openWallet'] = () => {
    sent += 1;
    throw new Error('nothing is to be sent');
  };
  const routes = walletRoutes({ openWallet, clock: systemClock } as Deps);
  const open = routes.find(({ method, path }) => method === 'POST' && path === '/v1/wallets');
  const call = {
    caller: machine,
    body: { currency: 'USD' },
    idempotencyKey: 'k',
    method: 'POST',
    path: '/v1/wallets',
    requestId: 'r',
  };
  expect(await open?.handle(call as never)).toMatchObject({
    refused: 'validation-failed',
    facts: { errors: [{ pointer: '/ownerId' }] },
  });
  expect(sent).toBe(0);
});
