import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { createSurroundings } from './surroundings.ts';

test('hunts requests that hang while the message server is away, or after', async () => {
  await using world = await createSurroundings();
  const transfer = {
    fromWalletId: world.ana.wallet,
    toWalletId: world.ana.savings,
    amount: '100',
  };
  expect(await world.pay('/v1/transfers', transfer)).toMatchObject({ status: 201 });
  await world.nats.kill9();
  const away = await eventually(async () => {
    const answer = await world.pay('/v1/transfers', transfer, { prefer: 'wait=1' });
    return answer.status === 503 && answer;
  });
  expect(away.body).toMatchObject({ code: 'overloaded' });
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await fetch(`${world.gateway.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${world.gateway.url}/livez`)).status).toBe(200);
  await world.nats.restart();
  await eventually(
    async () => (await world.pay('/v1/transfers', transfer, { prefer: 'wait=1' })).status === 201,
  );
});

test('hunts answers that are cut off when the gateway is asked to stop', async () => {
  await using world = await createSurroundings();
  const { ana, ledger, gateway } = world;
  const deposit = { walletId: ana.wallet, amount: '100', bankAccount: 'slow' };
  const waiting = world.pay('/v1/deposits', deposit, { prefer: 'wait=60' });
  await eventually(() => ledger.orders.length === 1);
  gateway.askToStop();
  const answer = await waiting;
  expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
  expect(answer.headers.get('connection')).toBe('close');
  expect(await gateway.ended).toBe(0);
});
