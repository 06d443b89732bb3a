import { REFUSAL_CODES, type OccurrenceStatus, type Transaction } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { afterOutcome } from './after-outcome.ts';

const policy = { retries: 2, everySeconds: 60, nowMs: 1_000_000 };
const open = (status: OccurrenceStatus = 'submitted', attempt = 1) => ({
  status,
  attempt,
  transactionId: 'a',
});
const told = (status: Transaction['status'], code?: (typeof REFUSAL_CODES)[number]) => ({
  id: 'a',
  status,
  ...(code !== undefined && { failure: { code } }),
});
const again = { status: 'due', attempt: 2, dueAtMs: 1_060_000 };

describe('an occurrence after what the ledger says: hunts second payments, lost refusals', () => {
  test.each([
    ['paid', open(), told('completed'), { status: 'completed' }],
    ['paid and given back since', open(), told('reversed'), { status: 'completed' }],
    ['held for a person', open(), told('held'), { status: 'held' }],
    ['held, told again', open('held'), told('held'), undefined],
    ['approved', open('held'), told('completed'), { status: 'completed' }],
    ['declined by a person', open('held'), told('failed', 'risk-blocked'), { status: 'refused' }],
    ['no money yet', open(), told('failed', 'insufficient-funds'), again],
    ['frozen', open(), told('failed', 'wallet-frozen'), again],
    ['over a limit', open(), told('failed', 'limit-exceeded'), again],
    ['closed for ever', open(), told('failed', 'wallet-closed'), { status: 'refused' }],
    ['blocked', open(), told('failed', 'risk-blocked'), { status: 'refused' }],
    [
      'the last retry',
      open('submitted', 3),
      told('failed', 'insufficient-funds'),
      { status: 'refused' },
    ],
    ['told twice', open('completed'), told('completed'), undefined],
    ['a try before this one', { ...open(), transactionId: 'b' }, told('failed'), undefined],
    ['waiting for its next try', open('due', 2), told('failed', 'wallet-frozen'), undefined],
    ['not decided', open(), told('pending'), undefined],
  ])('%s', (_, occurrence, transaction, expected) => {
    expect(afterOutcome(occurrence, transaction, policy)).toEqual(expected);
  });

  test('without retries every refusal is final', () => {
    for (const code of REFUSAL_CODES) {
      const settled = afterOutcome(open(), told('failed', code), { ...policy, retries: 0 });
      expect(settled).toEqual({ status: 'refused' });
    }
  });
});
