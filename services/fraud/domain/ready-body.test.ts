import { transactionOrder } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import type { InitiatedOrder } from './initiated-message.ts';
import { scoredBody, unscoredBody } from './ready-body.ts';
import type { Verdict } from './verdict.ts';

const orderOf = (more: object = {}): InitiatedOrder => {
  const walletId = uuidv7();
  const order = transactionOrder.parse({
    transactionId: uuidv7(),
    clientId: 'client',
    bodyHash: 'x'.repeat(22),
    walletId,
    type: 'withdrawal',
    bankAccount: 'ok',
    amount: '5',
    currency: 'USD',
  });
  const event = { id: order.transactionId, extra: 'kept', data: { ...order, ...more } };
  return { event, transaction: { walletId } } as unknown as InitiatedOrder;
};

const verdictOf = (order: InitiatedOrder, reasons: Verdict['reasons'] = []): Verdict => ({
  order,
  features: new Float32Array(0),
  logit: 0,
  score: 0.25,
  decision: reasons.length > 0 ? 'review' : 'approve',
  reasons,
  modelVersion: 'model',
  featureVersion: 'features',
  mode: 'enforce',
  challengers: [{ modelVersion: 'other', score: 1, decision: 'block' }],
});

interface BulkData {
  bulkId: string;
  orders: { risk?: { score: number } }[];
}

/** The orders of one bulk, whose items claim to be harmless. */
function bulkOf(count: number): InitiatedOrder[] {
  const risk = { decision: 'approve' };
  const items = Array.from({ length: count }, (_, n) => ({ n, risk }));
  const bulk = { type: 'florin.bulk-initiated.v1', data: { bulkId: 'b', orders: items } };
  return items.map(() => ({ ...orderOf(), bulk }) as unknown as InitiatedOrder);
}

interface Told {
  extra: string;
  data: { risk?: { reasons: unknown[]; score: number } };
}
const parsed = (body: string): Told[] => JSON.parse(body) as Told[];

describe('hunts orders that change on their way to the ledger', () => {
  test('an order keeps all it came with, and nothing of a challenger is added', () => {
    const order = orderOf({ unheardOf: [1, 2] });
    const [told] = parsed(scoredBody([verdictOf(order)]));
    const { risk, ...data } = told?.data ?? {};
    expect(data).toEqual(order.event.data);
    expect(told?.extra).toBe('kept');
    expect(Object.keys(risk ?? {})).toEqual(
      'score decision reasons modelVersion featureVersion mode degraded'.split(' '),
    );
  });

  test('a bulk goes on as one, between its neighbours, each item with its own risk', () => {
    const bulk = bulkOf(2);
    const [before, after] = [orderOf(), orderOf()];
    const orders = [before, ...bulk, after];
    const verdicts = orders.map((order, at) => ({ ...verdictOf(order), score: at / 10 }));
    const told = JSON.parse(scoredBody(verdicts)) as { type?: string; data: BulkData }[];
    expect(told).toHaveLength(3);
    expect(told[1]?.type).toBe('florin.bulk-initiated.v1');
    expect(told[1]?.data.bulkId).toBe('b');
    expect(told[1]?.data.orders.map(({ risk }) => risk?.score)).toEqual([0.1, 0.2]);
    const unscored = JSON.parse(unscoredBody(bulk)) as { data: BulkData }[];
    expect(unscored.map(({ data }) => data.orders)).toEqual([[{ n: 0 }, { n: 1 }]]);
  });

  test('while scoring is off, no order can bring a risk of its own', () => {
    const order = orderOf({ risk: { decision: 'approve' } });
    const [told] = parsed(unscoredBody([order]));
    expect(told?.data).not.toHaveProperty('risk');
  });

  test('a message that grows too large loses reasons, never orders', () => {
    const reason = { code: 'amount', text: 'x'.repeat(280), share: 0.1 };
    const reasons = Array.from({ length: 12 }, () => reason);
    const verdicts = Array.from({ length: 500 }, () => verdictOf(orderOf(), reasons));
    const body = scoredBody(verdicts);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_000_000);
    const told = parsed(body);
    expect(told).toHaveLength(500);
    expect(told[0]?.data.risk?.reasons.length).toBeLessThan(12);
    expect(verdicts[0]?.reasons).toHaveLength(12);
  });
});
