import { describe, expect, test } from 'vitest';
import {
  ANA,
  BEN,
  id,
  message,
  outcomeOf,
  pay,
  REVIEW_FOR_US,
  settled,
  twoPeople,
} from '../test/lane-bench.ts';

describe('a verdict frees what waits for it, and the first one stands', () => {
  const underReview = (command: 'transfer' | 'withdraw' | 'deposit') => {
    const lane = twoPeople();
    const order = { id: id(200), amount: 60n, currency: 'USD', risk: 'review' as const };
    lane.tell(
      command === 'transfer'
        ? message({ do: command, from: ANA, to: BEN, ...order })
        : message({ do: command, wallet: ANA, ...order }),
    );
    const say = (verdict: 'approve' | 'decline' | 'expire') =>
      lane.tell(settled(lane.book, { do: 'review', id: id(200), verdict }));
    return { ...lane, say, wallet: () => lane.book.wallets.get(ANA) };
  };
  const failed = {
    status: 'failed',
    failure: { code: 'risk-blocked', detail: 'declined in review' },
  };

  test('an approved transfer pays, with the money that was held', () => {
    const { say, wallet, tell } = underReview('transfer');
    expect(wallet()).toMatchObject({ posted: 100n, held: 60n });
    expect(tell(pay(41n, { id: id(201) })).newTransactions[0]?.failureCode).toBe(
      'insufficient-funds',
    );
    const { events, outcomes } = say('approve');
    expect(wallet()).toMatchObject({ posted: 40n, held: 0n });
    expect(events.map(({ name }) => name)).toEqual(['transaction-completed']);
    // The operator is told, and whoever asked for the transfer.
    expect(outcomes.map(({ json }) => JSON.parse(json()).requestId)).toEqual([id(7), id(200)]);
  });

  test('an approved withdrawal stays held and is told again, for the bank', () => {
    const { say, wallet } = underReview('withdraw');
    const { events } = say('approve');
    expect(wallet()).toMatchObject({ posted: 100n, held: 60n });
    expect(events.map(({ name }) => name)).toEqual(['transaction-held']);
    expect(JSON.parse(events[0]?.json() ?? '')).toMatchObject({
      data: { transaction: { status: 'held', review: { status: 'approved' } } },
    });
  });

  test('an approved deposit awaits its bank', () => {
    const { say, tell, book, wallet } = underReview('deposit');
    expect(say('approve').events.map(({ name }) => name)).toEqual(['transaction-pending']);
    tell(settled(book, { do: 'settle', id: id(200), completed: true }));
    expect(wallet()).toMatchObject({ posted: 160n, held: 0n });
  });

  test.each(['transfer', 'withdraw', 'deposit'] as const)('a declined %s releases', (command) => {
    const { say, wallet } = underReview(command);
    expect(outcomeOf(say('decline'))).toMatchObject({ transaction: failed });
    expect(wallet()).toMatchObject({ posted: 100n, held: 0n });
  });

  test('the same verdict again is told the same, another one is refused', () => {
    const { say, wallet } = underReview('transfer');
    say('decline');
    const again = say('decline');
    expect(again.events).toEqual([]);
    expect(outcomeOf(again)).toMatchObject({ replayed: true, transaction: failed });
    const refused = { kind: 'review-refused', code: 'hold-already-settled' };
    expect(outcomeOf(say('approve'))).toMatchObject(refused);
    expect(wallet()).toMatchObject({ posted: 100n, held: 0n });
  });

  test('nobody approves what has expired, and nothing expires before its time', () => {
    const lane = underReview('transfer');
    expect(lane.say('expire').events).toEqual([]);
    lane.pass(REVIEW_FOR_US);
    expect(outcomeOf(lane.say('approve'))).toMatchObject({ code: 'hold-expired' });
    expect(lane.wallet()).toMatchObject({ held: 60n });
    expect(outcomeOf(lane.say('expire'))).toMatchObject({
      transaction: { failure: { detail: 'not reviewed in time' } },
    });
    expect(lane.wallet()).toMatchObject({ posted: 100n, held: 0n });
    expect(outcomeOf(lane.say('decline'))).toMatchObject({ code: 'hold-expired' });
  });

  test.each([
    ['wallet-frozen', ANA, 'frozen'],
    ['wallet-frozen', BEN, 'frozen'],
    ['wallet-closed', BEN, 'closed'],
  ] as const)('%s stops an approval, which may be repeated', (code, wallet, status) => {
    const lane = underReview('transfer');
    lane.tell(message({ do: 'set-status', wallet, status }));
    expect(outcomeOf(lane.say('approve'))).toMatchObject({ kind: 'review-refused', code });
    expect(lane.wallet()).toMatchObject({ posted: 100n, held: 60n });
    if (status === 'frozen') {
      lane.tell(message({ do: 'set-status', wallet, status: 'active' }));
      expect(outcomeOf(lane.say('approve'))).toMatchObject({ replayed: false });
    } else {
      expect(outcomeOf(lane.say('decline'))).toMatchObject({ transaction: failed });
    }
  });

  test('a payee who has grown full meanwhile stops an approval', () => {
    const lane = underReview('transfer');
    const ben = lane.book.wallets.get(BEN);
    if (ben === undefined) throw new Error('Ben has no wallet');
    ben.posted = 1_000_000_000_000_000_000n;
    expect(outcomeOf(lane.say('approve'))).toMatchObject({ code: 'limit-exceeded' });
  });

  test('a wallet with a deposit under review is not closed: money might come to it', () => {
    const lane = underReview('deposit');
    lane.tell(pay(100n, { id: id(201) }));
    const closing = lane.tell(message({ do: 'set-status', wallet: ANA, status: 'closed' }));
    expect(outcomeOf(closing)).toMatchObject({ code: 'wallet-not-empty' });
  });

  test('no bank settles what nobody has approved', () => {
    const { tell, book } = underReview('withdraw');
    const word = tell(settled(book, { do: 'settle', id: id(200), completed: true }));
    expect(word.problem).toBe('settlement of a transaction under review');
  });

  test.each([id(100), id(999)])('there is no review of %s', (transaction) => {
    const lane = twoPeople();
    const told = settled(lane.book, { do: 'review', id: transaction, verdict: 'approve' });
    expect(outcomeOf(lane.tell(told))).toMatchObject({ kind: 'review-refused', code: 'not-found' });
  });
});
