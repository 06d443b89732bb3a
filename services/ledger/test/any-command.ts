import type { AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import { id } from './lane-bench.ts';

function anyCommand(from: number): fc.Arbitrary<AuditedCommand> {
  const wallet = fc.integer({ min: from + 1, max: from + 6 }).map(id);
  const transaction = fc.integer({ min: from + 100, max: from + 130 }).map(id);
  const amount = fc.bigInt({ min: 1n, max: 60n });
  const currency = fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'USD', 'USD', 'EUR');
  const order = {
    id: transaction,
    amount,
    currency,
    risk: fc.constantFrom(undefined, 'approve' as const, 'review' as const, 'block' as const),
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
 */
export function anyCommands(
  from: number,
  length: { minLength?: number; maxLength: number },
): fc.Arbitrary<AuditedCommand[]> {
  const funded = [1, 2, 3, 4].flatMap((n): AuditedCommand[] => {
    const wallet = id(from + n);
    const deposit = id(from + 90 + n);
    return [
      { do: 'open', wallet, currency: 'USD' },
      { do: 'deposit', id: deposit, wallet, amount: 300n, currency: 'USD' },
      { do: 'settle', id: deposit, completed: true },
    ];
  });
  // Else fast-check makes about ten of them, whatever the maximum, and little would ever collide.
  const many = { ...length, size: 'max' } as const;
  return fc.array(anyCommand(from), many).map((commands) => [...funded, ...commands]);
}
