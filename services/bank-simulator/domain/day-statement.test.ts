import { describe, expect, test } from 'vitest';
import { camtOfStatements } from './camt-statement.ts';
import { csvOfStatements } from './csv-statement.ts';
import { daysOf, startOfDay, statementsOfDay } from './day-statement.ts';
import type { Payment } from './payment.ts';
import type { Slip } from './statement-slip.ts';

/** Hunts money that falls between two days, or that a bank books without having moved it. */

const MONDAY = startOfDay('2026-11-16');
const HOUR = 3_600_000;
const payment = (id: string, hour: number, changes: Partial<Payment> = {}): Payment => ({
  idempotencyKey: id,
  paymentId: `ref-${id}`,
  kind: 'charge',
  amount: 100n,
  currency: 'USD',
  account: 'ok',
  verdict: 'settled',
  standsAtMs: MONDAY + hour * HOUR,
  ...changes,
});

const PAYMENTS = [
  payment('a', 1),
  payment('late', 23.999),
  payment('b', 24, { kind: 'payout', amount: 30n }),
  payment('no', 25, { verdict: 'declined', currency: 'EUR' }),
  payment('yet', 90),
];
const NOW = MONDAY + 50 * HOUR;
const on = (day: string, slips: Slip[] = [], nowMs = NOW) =>
  statementsOfDay('ok', PAYMENTS, slips, day, nowMs).map(
    ({ currency, opening, closing, complete, entries }) => ({
      currency,
      opening,
      closing,
      complete,
      ids: entries.map(({ endToEndId, amount }) => `${endToEndId} ${amount}`),
    }),
  );

describe('each day begins where the one before has ended', () => {
  test('only what was moved is booked, on the day on which it was', () => {
    const none = { currency: 'EUR', opening: 0n, closing: 0n, complete: true, ids: [] };
    expect(on('2026-11-16')).toEqual([
      none,
      { currency: 'USD', opening: 0n, closing: 200n, complete: true, ids: ['a 100', 'late 100'] },
    ]);
    expect(on('2026-11-17')).toEqual([
      none,
      { currency: 'USD', opening: 200n, closing: 170n, complete: true, ids: ['b -30'] },
    ]);
    const today = { opening: 170n, closing: 170n, complete: false, ids: [] };
    expect(on('2026-11-18')[1]).toEqual({ currency: 'USD', ...today });
  });

  test('there is a statement of each day since the first booking, today’s too', () => {
    expect(daysOf(PAYMENTS, [], NOW)).toEqual(['2026-11-16', '2026-11-17', '2026-11-18']);
    expect(daysOf([], [], NOW)).toEqual(['2026-11-18']);
  });
});

describe('slips change what is said, and the statement still adds up', () => {
  const extra: Slip = {
    kind: 'extra',
    reference: 'x',
    endToEndId: 'NOTPROVIDED',
    currency: 'USD',
    amount: -7n,
    bookedAtMs: MONDAY + 2 * HOUR,
  };
  test.each<[string, Slip, string[], bigint]>([
    ['missing', { kind: 'missing', endToEndId: 'a' }, ['late 100'], 100n],
    ['duplicate', { kind: 'duplicate', endToEndId: 'a' }, ['a 100', 'a 100', 'late 100'], 300n],
    ['amount', { kind: 'amount', endToEndId: 'a', amount: 90n }, ['a 90', 'late 100'], 190n],
    ['extra', extra, ['a 100', 'NOTPROVIDED -7', 'late 100'], 193n],
  ])('%s', (_, slip, ids, closing) => {
    expect(on('2026-11-16', [slip])[1]).toMatchObject({ ids, opening: 0n, closing });
    expect(on('2026-11-17', [slip])[1]).toMatchObject({ opening: closing });
  });

  test('the amount of a payout stays one of a payout', () => {
    const slip: Slip = { kind: 'amount', endToEndId: 'b', amount: 31n };
    expect(on('2026-11-17', [slip])[1]).toMatchObject({ ids: ['b -31'] });
  });
});

test('the same day is written to the same bytes, whenever it is asked for', () => {
  const day = '2026-11-16';
  const [now, later] = [NOW, NOW + HOUR].map((nowMs) =>
    statementsOfDay('ok', PAYMENTS, [], day, nowMs),
  );
  const camt = (statements = now ?? []) => camtOfStatements('ok', day, MONDAY, statements);
  expect(camt(later)).toBe(camt());
  expect(csvOfStatements(later ?? [])).toBe(csvOfStatements(now ?? []));
  expect(
    csvOfStatements(now ?? [])
      .split('\r\n')
      .slice(3, 6),
  ).toEqual([
    'opening,ok,USD,,,credit,0.00,2026-11-16T00:00:00.000Z,',
    'entry,ok,USD,ref-a,a,credit,1.00,2026-11-16T01:00:00.000Z,2026-11-16T01:00:00.000Z',
    'entry,ok,USD,ref-late,late,credit,1.00,2026-11-16T23:59:56.400Z,2026-11-16T23:59:56.400Z',
  ]);
  expect(camt()).toContain('<Amt Ccy="USD">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>');
});
