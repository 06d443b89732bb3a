import { partitionOf, PARTITIONS_DEFAULT, partitionToken } from '@florin/contracts';
import type { LaneMessage, TransactionOrder } from '@florin/contracts';
import { connect, setFlag, type Bus } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let world: Surroundings;
let bus: Bus;
/** What lay in a lane, by the subject that it lay under. */
const lanes: { subject: string; order: TransactionOrder }[] = [];

beforeAll(async () => {
  world = await createSurroundings();
  bus = await connect({ url: world.nats.url, name: 'test', log: createLogger('test', 'silent') });
  bus.nc.subscribe('txn.>', {
    callback(_, { subject, data }) {
      for (const message of JSON.parse(Buffer.from(data).toString()) as LaneMessage[]) {
        if (message.type !== 'florin.transaction-initiated.v1') continue;
        lanes.push({ subject, order: message.data });
      }
    },
  });
  await bus.nc.flush();
});
afterAll(async () => {
  await bus.close();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  lanes.length = 0;
});

const transfer = () => ({
  fromWalletId: world.ana.wallet,
  toWalletId: world.strangersWallet,
  amount: '100',
});

const laneOf = (stage: string): string => {
  const { wallet } = world.ana;
  return `txn.${stage}.${partitionToken(partitionOf(wallet, PARTITIONS_DEFAULT))}.${wallet}`;
};

/** Switches, and pays until a payment has gone the new way. */
async function payBy(variant: 'enforce' | 'shadow' | 'off', stage: string): Promise<void> {
  await setFlag(bus, 'fraud-scoring', variant, 'olga');
  await eventually(async () => {
    await world.pay('/v1/transfers', transfer(), { prefer: 'respond-async' });
    return lanes.some(({ subject }) => subject === laneOf(stage));
  });
}

test('hunts payments sent to a scorer that is switched off, or past one that is on', async () => {
  await payBy('shadow', 'initiated');
  await payBy('off', 'ready');
  await payBy('enforce', 'initiated');
  const items = [{ type: 'transfer', ...transfer() }];
  lanes.length = 0;
  const body = { mode: 'continueOnFailure', items };
  await world.pay('/v1/transactions/bulk', body, { prefer: 'respond-async' });
  await eventually(() => lanes.length > 0);
  expect(new Set(lanes.map(({ subject }) => subject))).toEqual(new Set([laneOf('initiated')]));
  await payBy('off', 'ready');
});

test('hunts devices and places that travel as they are, or that people invent', async () => {
  const headers = { 'x-device-id': 'my-phone', 'x-geo': 'DE,52.52,13.40' };
  const answer = await world.pay('/v1/transfers', transfer(), headers);
  expect(answer.status).toBe(201);
  const { id } = answer.body;
  const [sent] = await eventually(() => {
    const found = lanes.filter(({ order }) => order.transactionId === id);
    return found.length > 0 && found;
  });
  // A person: the place is not believed, and a loopback address says nothing.
  expect(sent?.order.context).toEqual({ deviceId: expect.stringMatching(/^[\w-]{22}$/) as string });
  expect(JSON.stringify(lanes)).not.toContain('my-phone');
});

test('hunts headers that make an order which nobody can read', async () => {
  for (const device of ['two words', 'x'.repeat(201)]) {
    const answer = await world.pay('/v1/transfers', transfer(), { 'x-device-id': device });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  }
  expect(lanes.filter(({ order }) => order.context?.deviceId !== undefined)).toEqual([]);
});
