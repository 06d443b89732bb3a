import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, outcomeOf, pay, twoPeople } from '../test/lane-bench.ts';

/** Ana has 100. */
const allow = (limit: string, walletId = ANA): LaneMessage => ({
  ...message({ do: 'set-status', wallet: walletId, status: 'active' }),
  type: LANE_TYPES.changeWalletOverdraft,
  data: { requestId: id(0), walletId, limit },
});

describe('hunts wallets that go further below zero than they may', () => {
  test.each([
    ['nothing was allowed', '0', 101n, 'insufficient-funds'],
    ['down to the limit', '50', 150n, undefined],
    ['one cent further', '50', 151n, 'insufficient-funds'],
  ])('%s', (_, limit, amount, code) => {
    const lane = twoPeople();
    lane.tell(allow(limit));
    const { newTransactions, entries, events } = lane.tell(pay(amount));
    expect(newTransactions[0]?.failureCode ?? undefined).toBe(code);
    if (code !== undefined) return;
    expect(entries.map(({ overdraftLimit }) => overdraftLimit)).toEqual([50n, null]);
    // No row says how far it might have gone: the event is kept.
    expect(events[0]?.isStored).toBe(true);
    expect(events[0]?.json()).toContain('"overdraftLimit":"50"');
  });

  test('holds use it, too', () => {
    const lane = twoPeople();
    lane.tell(allow('50'));
    const hold = { do: 'hold', from: ANA, to: BEN, expiresIn: 60, currency: 'USD' } as const;
    expect(lane.tell(message({ ...hold, id: id(300), amount: 150n })).newHolds).toHaveLength(1);
    expect(lane.tell(pay(1n)).newTransactions[0]?.failureCode).toBe('insufficient-funds');
  });
});

describe('hunts limits that put somebody in the wrong', () => {
  test.each([
    ['below what is used', '49', { kind: 'wallet-refused', code: 'overdraft-in-use' }],
    ['exactly what is used', '50', { kind: 'wallet', wallet: { overdraftLimit: '50' } }],
    ['the same again', '80', { kind: 'wallet', replayed: true }],
    ['more', '90', { kind: 'wallet', wallet: { overdraftLimit: '90' } }],
  ])('%s', (_, limit, outcome) => {
    const lane = twoPeople();
    lane.tell(allow('80'));
    lane.tell(pay(150n));
    expect(outcomeOf(lane.tell(allow(limit)))).toMatchObject(outcome);
  });

  test('a closed wallet, and none at all', () => {
    const lane = twoPeople();
    lane.tell(message({ do: 'set-status', wallet: BEN, status: 'closed' }));
    expect(outcomeOf(lane.tell(allow('1', BEN)))).toMatchObject({ code: 'wallet-closed' });
    expect(outcomeOf(lane.tell(allow('1', id(77))))).toMatchObject({ code: 'not-found' });
  });

  test('a batch that raises, spends and lowers remembers the highest', () => {
    const lane = twoPeople();
    const { overdrafts } = lane.tell(allow('80'));
    expect([...overdrafts.values()]).toEqual([80n]);
  });
});
