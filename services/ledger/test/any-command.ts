import type { AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import { id } from './lane-bench.ts';

function anyCommand(from: number, times: number): fc.Arbitrary<AuditedCommand> {
  const anyOf = (first: number, last: number) =>
    fc.integer({ min: from + first, max: from + last }).map(id);
  // Four of them have money from the start.
  const wallet = fc.oneof({ weight: 4, arbitrary: anyOf(1, 4) }, anyOf(5, 6));
  // One that is always in dollars, and one in euros, with money to convert.
  const either = fc.oneof(anyOf(1, 1), anyOf(7, 7));
  const transaction = anyOf(100, 130);
  const amount = fc.bigInt({ min: 1n, max: 60n });
  const currency = fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'USD', 'USD', 'EUR');
  const later = anyOf(200, 215);
  // Now and then a key that an order has: what it stands for already is what it stays.
  const followUp = fc.oneof({ weight: 5, arbitrary: later }, transaction);
  const proposal = anyOf(400, 403);
  const staff = fc.constantFrom(id(901), id(902));
  const part = fc.oneof(fc.constant('all' as const), amount);
  const order = {
    id: transaction,
    amount,
    currency,
    risk: fc.constantFrom(
      undefined,
      undefined,
      'approve' as const,
      'review' as const,
      'block' as const,
    ),
  };
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), wallet, currency }) },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('transfer' as const),
        from: wallet,
        to: wallet,
        ...order,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('deposit' as const),
        wallet,
        ...order,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('withdraw' as const), wallet, ...order }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        from: wallet,
        to: wallet,
        expiresIn: fc.integer({ min: 5, max: 60 }).map((n) => n * times),
        ...order,
      }),
    },
    {
      weight: 5,
      arbitrary: fc
        .record({
          do: fc.constant('convert' as const),
          ...order,
          from: fc.oneof({ weight: 3, arbitrary: either }, wallet),
          to: fc.oneof({ weight: 3, arbitrary: either }, wallet),
          quote: anyOf(500, 515),
          toAmount: fc.bigInt({ min: 1n, max: 60n }),
          expired: fc.constantFrom(...Array<boolean>(7).fill(false), true),
        })
        .map((command) => ({
          ...command,
          toCurrency: command.currency === 'USD' ? 'EUR' : 'USD',
        })),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('bulk' as const),
        id: anyOf(300, 320),
        items: fc.uniqueArray(
          fc.record({
            do: fc.constant('transfer' as const),
            ...order,
            id: fc.oneof({ weight: 8, arbitrary: anyOf(321, 399) }, transaction),
            from: wallet,
            to: wallet,
            amount: fc.bigInt({ min: 1n, max: 20n }),
            currency: fc.constant('USD'),
            risk: fc.constantFrom(...Array<undefined>(8), 'approve' as const, 'review' as const),
          }),
          { minLength: 1, maxLength: 3, selector: (item) => item.id },
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('capture' as const),
        id: followUp,
        of: transaction,
        part,
        final: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('release' as const),
        id: followUp,
        of: transaction,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('expire-hold' as const), id: transaction }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('reverse' as const),
        id: followUp,
        of: fc.oneof({ weight: 2, arbitrary: transaction }, later),
        part,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('review' as const),
        id: transaction,
        verdict: fc.constantFrom(
          'approve' as const,
          'approve' as const,
          'decline' as const,
          'expire' as const,
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('settle' as const),
        id: transaction,
        completed: fc.constantFrom(true, true, false),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set-overdraft' as const),
        wallet,
        limit: fc.bigInt({ min: 0n, max: 80n }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('propose' as const),
        id: proposal,
        wallet,
        correction: fc.oneof(amount, fc.bigInt({ min: -60n, max: -1n })),
        by: staff,
        expiresIn: fc.integer({ min: 5, max: 60 }).map((n) => n * times),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('decide' as const),
        id: proposal,
        wallet,
        approve: fc.constantFrom(true, true, false),
        by: staff,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set-status' as const),
        wallet,
        status: fc.constantFrom(
          'active' as const,
          'active' as const,
          'frozen' as const,
          'closed' as const,
        ),
      }),
    },
  );
}

/**
 * Commands over a few wallets and ids, so that they collide often. Most wallets have money from the
 * start.
 * @param from other numbers, other wallets and transactions
 * @param times how much longer holds last: where seconds are not commands, until after the test
 */
export function anyCommands(
  from: number,
  length: { minLength?: number; maxLength: number },
  times = 1,
): fc.Arbitrary<AuditedCommand[]> {
  const funded = [1, 2, 3, 4, 7].flatMap((n): AuditedCommand[] => {
    const currency = n === 7 ? 'EUR' : 'USD';
    const wallet = id(from + n);
    const deposit = id(from + 90 + n);
    return [
      { do: 'open', wallet, currency },
      { do: 'deposit', id: deposit, wallet, amount: 300n, currency },
      { do: 'settle', id: deposit, completed: true },
    ];
  });
  // Else fast-check makes about ten of them, whatever the maximum, and little would ever collide.
  const many = { ...length, size: 'max' } as const;
  return fc.array(anyCommand(from, times), many).map((commands) => [...funded, ...commands]);
}
