import type { AuditedCommand } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, outcomeOf, pay, settled, twoPeople } from '../test/lane-bench.ts';

type Command<Do extends AuditedCommand['do']> = Extract<AuditedCommand, { do: Do }>;

/** Ana has 100 and Ben nothing, and what follows is told to the lane of whom it concerns. */
function table() {
  const lane = twoPeople();
  const say = (command: Command<'capture' | 'release' | 'reverse' | 'expire-hold'>) =>
    lane.tell(settled(lane.book, command));
  let next = 600;
  return {
    ...lane,
    say,
    wallet: (name: string) => {
      const { posted, held } = lane.book.wallets.get(name) ?? {};
      return [posted, held];
    },
    status: (transaction: string) => lane.book.transactions.get(transaction)?.status,
    freeze: (wallet: string) => lane.tell(message({ do: 'set-status', wallet, status: 'frozen' })),
    reverse: (of: string, part: bigint | 'all' = 'all') =>
      say({ do: 'reverse', id: id(next++), of, part }),
    hold: (amount: bigint, more: Partial<Command<'hold'>> = {}) => {
      const told = {
        do: 'hold',
        id: id(300),
        from: ANA,
        to: BEN,
        amount,
        currency: 'USD',
      } as const;
      return lane.tell(message({ ...told, expiresIn: 60, ...more }));
    },
    capture: (part: bigint | 'all', final = false) =>
      say({ do: 'capture', id: id(next++), of: id(300), part, final }),
    release: () => say({ do: 'release', id: id(next++), of: id(300) }),
  };
}

const refused = (code: string, remaining: string) => ({
  transaction: { status: 'failed', failure: { code }, remaining },
});

describe('money goes back as often as there is some left, and never more', () => {
  test('in parts, each of which says what is left; then it is reversed', () => {
    const at = table();
    at.tell(pay(60n));
    expect(outcomeOf(at.reverse(id(200), 25n))).toMatchObject({
      transaction: {
        type: 'reversal',
        status: 'completed',
        walletId: BEN,
        counterpartyWalletId: ANA,
        relatedTransactionId: id(200),
        remaining: '35',
        balances: { posted: '35' },
      },
    });
    expect(outcomeOf(at.reverse(id(200), 36n))).toMatchObject(refused('limit-exceeded', '35'));
    expect(at.status(id(200))).toBe('completed');
    expect(outcomeOf(at.reverse(id(200)))).toMatchObject({ transaction: { remaining: '0' } });
    expect(at.status(id(200))).toBe('reversed');
    expect([at.wallet(ANA), at.wallet(BEN)]).toEqual([
      [100n, 0n],
      [0n, 0n],
    ]);
    expect(outcomeOf(at.reverse(id(200)))).toMatchObject(refused('hold-already-settled', '0'));
  });

  test('what the receiver has spent can’t be given back', () => {
    const at = table();
    at.tell(pay(60n));
    at.tell(pay(50n, { id: id(201), from: BEN, to: ANA }));
    expect(outcomeOf(at.reverse(id(200)))).toMatchObject(refused('insufficient-funds', '60'));
    expect(outcomeOf(at.reverse(id(200), 10n))).toMatchObject({ transaction: { remaining: '50' } });
  });

  test.each([ANA, BEN])('nothing goes to or from a frozen wallet (%s)', (wallet) => {
    const at = table();
    at.tell(pay(60n));
    at.freeze(wallet);
    expect(outcomeOf(at.reverse(id(200)))).toMatchObject(refused('wallet-frozen', '60'));
  });

  test('a payment that a person looks at has not moved anything', () => {
    const at = table();
    at.tell(pay(60n, { risk: 'review' }));
    expect(outcomeOf(at.reverse(id(200)))).toMatchObject(refused('limit-exceeded', '0'));
  });

  test('a chargeback takes a deposit back to its bank, from a frozen wallet too', () => {
    const at = table();
    at.freeze(ANA);
    const { entries, events } = at.reverse(id(100), 30n);
    expect(at.wallet(ANA)).toEqual([70n, 0n]);
    expect(entries.map(({ delta }) => delta)).toEqual([-30n, 30n]);
    // No row leads to the clearing account's entry: it is kept as it was told.
    expect(events.map(({ isStored }) => isStored)).toEqual([true]);
    expect(outcomeOf(at.reverse(id(100), 71n))).toMatchObject(refused('limit-exceeded', '70'));
    expect(outcomeOf(at.reverse(id(100)))).toMatchObject({ transaction: { amount: '70' } });
    expect(at.status(id(100))).toBe('reversed');
  });

  test('the same key again is told the same, another order under it is refused', () => {
    const at = table();
    at.tell(pay(60n));
    const first = { do: 'reverse', id: id(700), of: id(200), part: 10n } as const;
    at.say(first);
    const again = at.say(first);
    expect(again.entries).toEqual([]);
    expect(outcomeOf(again)).toMatchObject({ replayed: true, transaction: { remaining: '50' } });
    expect(at.wallet(BEN)).toEqual([50n, 0n]);
  });

  test('what was told of the original stays as it was told', () => {
    const at = table();
    const { events } = at.tell(pay(60n));
    at.reverse(id(200));
    expect(JSON.parse(events[0]?.json() ?? '')).toMatchObject({
      data: { transaction: { status: 'completed' } },
    });
    expect(events[0]?.json()).not.toContain('reversed');
  });
});

describe('a hold reserves at once, and is captured, released or over', () => {
  test('captured in parts until nothing is left', () => {
    const at = table();
    expect(outcomeOf(at.hold(60n))).toMatchObject({
      transaction: {
        type: 'hold',
        status: 'held',
        balances: { posted: '100', held: '60', available: '40' },
        hold: { capturedAmount: '0', releasedAmount: '0' },
      },
    });
    expect(at.tell(pay(41n)).newTransactions[0]?.failureCode).toBe('insufficient-funds');
    const first = at.capture(20n);
    expect(outcomeOf(first)).toMatchObject({
      transaction: { type: 'capture', status: 'completed', remaining: '40' },
    });
    expect(first.events.map(({ name }) => name)).toEqual(['transaction-completed']);
    expect([at.wallet(ANA), at.wallet(BEN), at.status(id(300))]).toEqual([
      [80n, 40n],
      [20n, 0n],
      'held',
    ]);
    expect(outcomeOf(at.capture(41n))).toMatchObject(refused('limit-exceeded', '40'));
    const last = at.capture('all');
    expect(last.events.map(({ name }) => name)).toEqual([
      'transaction-completed',
      'transaction-completed',
    ]);
    expect([at.wallet(ANA), at.wallet(BEN), at.status(id(300))]).toEqual([
      [40n, 0n],
      [60n, 0n],
      'completed',
    ]);
    expect(outcomeOf(at.capture(1n))).toMatchObject(refused('hold-already-settled', '0'));
  });

  test('a final capture releases the rest', () => {
    const at = table();
    at.hold(60n);
    expect(outcomeOf(at.capture(20n, true))).toMatchObject({ transaction: { remaining: '0' } });
    expect([at.wallet(ANA), at.status(id(300))]).toEqual([[80n, 0n], 'completed']);
    expect(at.book.transactions.get(id(300))?.hold).toMatchObject({ captured: 20n, released: 40n });
  });

  test.each([
    [false, 'reversed', 'transaction-reversed'],
    [true, 'completed', 'transaction-completed'],
  ])('released (captured before: %s) it ends %s', (captured, status, event) => {
    const at = table();
    at.hold(60n);
    if (captured) at.capture(20n);
    const { events, entries, outcomes } = at.release();
    expect(JSON.parse(outcomes[0]?.json() ?? '')).toMatchObject({
      transaction: { balances: { held: '0' } },
    });
    expect(entries).toEqual([]);
    expect(events.map(({ name }) => name)).toEqual(['transaction-completed', event]);
    expect([at.wallet(ANA)?.[1], at.status(id(300))]).toEqual([0n, status]);
    expect(outcomeOf(at.release())).toMatchObject(refused('hold-already-settled', '0'));
  });

  test('its time ends it, not before and only once', () => {
    const at = table();
    at.hold(60n);
    const over = { do: 'expire-hold', id: id(300) } as const;
    expect(at.say(over).events).toEqual([]);
    at.pass(60_000_000);
    expect(outcomeOf(at.capture(1n))).toMatchObject(refused('hold-expired', '60'));
    expect(at.say(over).events.map(({ name }) => name)).toEqual(['transaction-failed']);
    expect(at.book.transactions.get(id(300))).toMatchObject({ failureCode: 'hold-expired' });
    expect(at.wallet(ANA)).toEqual([100n, 0n]);
    expect(at.say(over).events).toEqual([]);
    expect(outcomeOf(at.capture(1n))).toMatchObject(refused('hold-expired', '0'));
  });

  test('a refused hold can’t be captured, nor one that a person looks at', () => {
    const at = table();
    at.hold(101n);
    expect(outcomeOf(at.capture(1n))).toMatchObject(refused('hold-already-settled', '0'));
    const watched = table();
    watched.hold(60n, { risk: 'review' });
    expect(outcomeOf(watched.capture(1n))).toMatchObject(refused('limit-exceeded', '0'));
    watched.tell(settled(watched.book, { do: 'review', id: id(300), verdict: 'approve' }));
    expect(outcomeOf(watched.capture(1n))).toMatchObject({ transaction: { remaining: '59' } });
  });

  test('what was captured can be given back, the hold not', () => {
    const at = table();
    at.hold(60n);
    at.say({ do: 'capture', id: id(500), of: id(300), part: 30n, final: true });
    expect(outcomeOf(at.reverse(id(500), 10n))).toMatchObject({
      transaction: { walletId: BEN, counterpartyWalletId: ANA, remaining: '20' },
    });
    expect(at.reverse(id(300)).problem).toBe('reversal of a hold');
  });
});
