import type { LaneMessage, Risk } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, id, message, pay, riskOf, twoPeople } from '../test/lane-bench.ts';

describe('what is thought of an order comes after the wallets’ rules, a block before funds', () => {
  const freeze = message({ do: 'set-status', wallet: ANA, status: 'frozen' });
  const EUR = id(3);
  const withdraw = (amount: bigint, risk: Risk['decision']) =>
    message({ do: 'withdraw', id: id(200), wallet: ANA, amount, currency: 'USD', risk });
  const pay1 = (risk: Risk['decision'], more = {}) => pay(1n, { risk, ...more });
  const shadow = (decision: Risk['decision']) => {
    const told = pay(1n);
    return { ...told, data: { ...told.data, risk: riskOf(decision, 'shadow') } } as LaneMessage;
  };
  const openEur = message({ do: 'open', wallet: EUR, currency: 'EUR' });
  const most = 1_000_000_000_000_000n;
  const deposit = (risk: Risk['decision']) =>
    message({ do: 'deposit', id: id(200), wallet: ANA, amount: most, currency: 'USD', risk });
  type Case = [string, LaneMessage[], LaneMessage, string, string?];
  const cases: Case[] = [
    ['approved', [], pay1('approve'), 'completed'],
    ['blocked', [], pay1('block'), 'failed', 'risk-blocked'],
    ['reviewed', [], pay1('review'), 'held'],
    ['shadow never blocks', [], shadow('block'), 'completed'],
    ['shadow never holds', [], shadow('review'), 'completed'],
    ['frozen before block', [freeze], pay1('block'), 'failed', 'wallet-frozen'],
    ['currency before block', [openEur], pay1('block', { to: EUR }), 'failed', 'currency-mismatch'],
    ['unknown payee before block', [], pay1('block', { to: id(77) }), 'failed', 'not-found'],
    ['oneself before block', [], pay1('block', { to: ANA }), 'failed', 'same-wallet'],
    ['funds before block', [], pay(101n, { risk: 'block' }), 'failed', 'insufficient-funds'],
    ['funds before review', [], pay(101n, { risk: 'review' }), 'failed', 'insufficient-funds'],
    ['frozen before review', [freeze], pay1('review'), 'failed', 'wallet-frozen'],
    ['a withdrawal is blocked', [], withdraw(1n, 'block'), 'failed', 'risk-blocked'],
    ['a withdrawal of too much', [], withdraw(101n, 'review'), 'failed', 'insufficient-funds'],
    ['a withdrawal is reviewed', [], withdraw(1n, 'review'), 'held'],
    ['a deposit is blocked', [], deposit('block'), 'failed', 'risk-blocked'],
    ['a deposit is reviewed', [], deposit('review'), 'held'],
  ];
  test.each(cases)('%s', (_, before, order, status, code) => {
    const lane = twoPeople();
    before.forEach(lane.tell);
    const { newTransactions, entries, newHolds } = lane.tell(order);
    const [told] = newTransactions;
    expect(told).toMatchObject({ status, failureCode: code ?? null });
    expect(entries).toHaveLength(status === 'completed' ? 2 : 0);
    expect(told?.review?.status).toBe(status === 'held' ? 'open' : undefined);
    expect(newHolds).toHaveLength(status === 'held' && told?.type !== 'deposit' ? 1 : 0);
    expect(told?.risk).toMatchObject({ modelVersion: 'm1' });
  });
});
