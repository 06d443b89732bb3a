import { createVerifier, signatoryOf } from '@florin/messaging';
import { partitionOf } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerTo,
  eventsOf,
  KEYS,
  openSurroundings,
  orderOf,
  PARTITIONS,
  runFraud,
  type Running,
  type Surroundings,
} from './surroundings.ts';

let around: Surroundings;
let fraud: Running;

beforeAll(async () => {
  around = await openSurroundings();
  fraud = await runFraud(around);
});

afterAll(async () => {
  await fraud.stop();
  await around[Symbol.asyncDispose]();
});

describe('hunts orders that are changed, lost or said by somebody else on their way', () => {
  test('an order goes on with its risk, signed by fraud, under the id it shares', async () => {
    const order = orderOf(uuidv7());
    const id = await around.send([order]);
    const answer = await answerTo(around, id);
    const [event] = eventsOf(answer);
    const { risk, ...rest } = event?.data ?? {};
    expect(rest).toEqual(order);
    expect(event).toMatchObject({ id: order.transactionId, correlationid: 'asked-for' });
    expect(risk).toMatchObject({ mode: 'enforce', degraded: false, decision: 'approve' });
    expect(answer.header('Florin-Reply')).toBe('gateway-test');
    const place = { wallet: order.walletId, partition: partitionOf(order.walletId, PARTITIONS) };
    const signed = signatoryOf(createVerifier(KEYS), answer, place);
    expect(signed).toMatchObject({ ok: true, value: { service: 'fraud' } });
  });

  test('the decision is written down, and the position behind it', async () => {
    const order = orderOf(uuidv7());
    await answerTo(around, await around.send([order]));
    await eventually(async () => {
      const { rows } = await around.pool.query(
        'SELECT decision, position FROM decisions WHERE transaction_id = $1',
        [order.transactionId],
      );
      expect(rows).toMatchObject([{ decision: 'approve' }]);
      const partition = partitionOf(order.walletId, PARTITIONS);
      const { rows: positions } = await around.pool.query(
        'SELECT position FROM partitions WHERE partition = $1',
        [partition],
      );
      expect(positions[0].position).toBe(rows[0].position);
    });
  });
});
