import type { Risk } from '@florin/contracts';
import { ok, refuse } from '@florin/kernel';
import type { Incoming } from '@florin/messaging';
import { describe, expect, test } from 'vitest';
import { toldRisksOf } from './told-risks.ts';

const risk: Risk = {
  score: null,
  decision: 'approve',
  reasons: [],
  modelVersion: 'amount-policy',
  mode: 'enforce',
  degraded: true,
};

const messageOf = (body: unknown): Incoming => ({
  subject: 'txn.ready.03.wallet',
  sequence: 7,
  time: new Date('2026-01-01T00:00:00.000Z'),
  id: 'ready-x',
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  pending: 0,
  header: () => undefined,
});

const signedBy = (service: string) => () => ok({ service, kid: 'k' });
const toldBy = (service: string, body: unknown): string[] => [
  ...toldRisksOf(signedBy(service), messageOf(body)).keys(),
];

describe('hunts records of what the ledger was never told', () => {
  const body = [
    { data: { transactionId: 'a', risk } },
    { data: { transactionId: 'not-asked' } },
    {
      data: {
        bulkId: 'b',
        orders: [
          { transactionId: 'b1', risk },
          { transactionId: 'b2', risk },
        ],
      },
    },
  ];

  test('each order has its own risk, those of a bulk too, and the time of the message', () => {
    const told = toldRisksOf(signedBy('ledger'), messageOf(body));
    expect([...told.keys()]).toEqual(['a', 'b1', 'b2']);
    expect(told.get('a')).toEqual({ risk, at: '2026-01-01T00:00:00.000Z' });
  });

  test('only fraud and the ledger are believed, and only with their signature', () => {
    expect(toldBy('fraud', body)).toHaveLength(3);
    expect(toldBy('gateway', body)).toEqual([]);
    const forged = toldRisksOf(() => refuse('mismatch'), messageOf(body));
    expect(forged.size).toBe(0);
  });

  test.each([
    ['no JSON', 'risk'],
    ['no list', { data: { transactionId: 'a', risk } }],
    ['a risk of no known form', [{ data: { transactionId: 'a', risk: { decision: 'maybe' } } }]],
  ])('%s tells nothing', (_, text) => {
    expect(toldBy('fraud', text)).toEqual([]);
  });
});
