import { LANE_TYPES, type AdjustmentProposal, type LaneMessage } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, id, message, outcomeOf, twoPeople } from '../test/lane-bench.ts';

const [OLGA, OTTO] = [id(901), id(902)];
const ID = id(700);
const HOUR_US = 3_600_000_000;

const envelope = message({ do: 'set-status', wallet: ANA, status: 'active' });
const propose = (more: Partial<AdjustmentProposal> = {}): LaneMessage => ({
  ...envelope,
  type: LANE_TYPES.proposeAdjustment,
  data: {
    adjustmentId: ID,
    bodyHash: 'same'.padEnd(22, '0'),
    walletId: ANA,
    direction: 'credit',
    amount: '40',
    reason: 'paid twice',
    proposedBy: OLGA,
    expiresInSeconds: 3600,
    ...more,
  },
});
const verdict = (word: 'approve' | 'reject', decidedBy = OTTO): LaneMessage => ({
  ...envelope,
  type: LANE_TYPES.decideAdjustment,
  data: { adjustmentId: ID, walletId: ANA, verdict: word, decidedBy },
});

/** Ana has 100. */
function lane() {
  const around = twoPeople();
  const posted = () => ({
    ana: around.book.wallets.get(ANA)?.posted,
    suspense: [...around.book.wallets.values()].find(({ kind }) => kind === 'suspense')?.posted,
  });
  return { ...around, posted };
}

describe('hunts money that moves without a second pair of eyes', () => {
  test('a proposal moves nothing', () => {
    const { tell, posted } = lane();
    const { entries, newTransactions, outcomes } = tell(propose());
    expect([entries, newTransactions]).toEqual([[], []]);
    expect(outcomeOf({ outcomes } as never)).toMatchObject({ adjustment: { status: 'open' } });
    expect(posted()).toEqual({ ana: 100n, suspense: undefined });
  });

  test.each(['approve', 'reject'] as const)('nobody may %s what they proposed', (word) => {
    const { tell, posted } = lane();
    tell(propose());
    expect(outcomeOf(tell(verdict(word, OLGA)))).toMatchObject({ code: 'four-eyes' });
    expect(posted().ana).toBe(100n);
  });

  test.each([
    ['credit', 140n, -40n],
    ['debit', 60n, 40n],
  ] as const)('a %s comes from or goes to suspense', (direction, ana, suspense) => {
    const { tell, posted } = lane();
    tell(propose({ direction }));
    const decided = tell(verdict('approve'));
    expect(decided.entries.reduce((sum, { delta }) => sum + delta, 0n)).toBe(0n);
    expect(outcomeOf(decided)).toMatchObject({
      adjustment: { status: 'approved', decidedBy: OTTO },
      transaction: { id: ID, type: 'adjustment', direction, status: 'completed' },
    });
    expect(decided.events[0]?.isStored).toBe(true);
    expect(posted()).toEqual({ ana, suspense });
  });
});

describe('hunts a second outcome', () => {
  test('the first verdict stands; the same one again is told the same', () => {
    const { tell, posted } = lane();
    tell(propose());
    tell(verdict('approve'));
    expect(outcomeOf(tell(verdict('approve')))).toMatchObject({ replayed: true });
    expect(outcomeOf(tell(verdict('reject')))).toMatchObject({ code: 'adjustment-decided' });
    expect(outcomeOf(tell(verdict('approve', id(903))))).toMatchObject({
      code: 'adjustment-decided',
    });
    expect(posted().ana).toBe(140n);
  });

  test('what was rejected stays so', () => {
    const { tell, posted } = lane();
    tell(propose());
    expect(outcomeOf(tell(verdict('reject')))).toMatchObject({
      adjustment: { status: 'rejected' },
    });
    expect(outcomeOf(tell(verdict('approve')))).toMatchObject({ code: 'adjustment-decided' });
    expect(posted().ana).toBe(100n);
  });

  test('a key stands for one proposal', () => {
    const { tell } = lane();
    tell(propose());
    expect(outcomeOf(tell(propose()))).toMatchObject({ replayed: true });
    const other = propose({ bodyHash: 'other'.padEnd(22, '0') });
    expect(outcomeOf(tell(other))).toMatchObject({ code: 'idempotency-key-reused' });
  });
});

describe('hunts approvals of what can’t be', () => {
  test('too late', () => {
    const { tell, pass, posted } = lane();
    tell(propose());
    pass(HOUR_US);
    expect(outcomeOf(tell(verdict('approve')))).toMatchObject({ code: 'adjustment-expired' });
    expect(posted().ana).toBe(100n);
  });

  test('more than there is, and later less', () => {
    const { tell, book, posted } = lane();
    tell(propose({ direction: 'debit', amount: '101' }));
    expect(outcomeOf(tell(verdict('approve')))).toMatchObject({ code: 'insufficient-funds' });
    expect(book.adjustments.get(ID)?.status).toBe('open');
    expect(posted().ana).toBe(100n);
  });

  test('frozen wallets are corrected, closed ones are not', () => {
    const { tell, posted } = lane();
    tell(message({ do: 'set-status', wallet: ANA, status: 'frozen' }));
    tell(propose({ direction: 'debit', amount: '100' }));
    tell(verdict('approve'));
    expect(posted().ana).toBe(0n);
    tell(message({ do: 'set-status', wallet: ANA, status: 'closed' }));
    const late = propose({ adjustmentId: id(701) });
    expect(outcomeOf(tell(late))).toMatchObject({ code: 'wallet-closed' });
  });

  test('of nobody', () => {
    const { tell } = lane();
    expect(outcomeOf(tell(propose({ walletId: id(77) })))).toMatchObject({ code: 'not-found' });
    expect(outcomeOf(tell(verdict('approve')))).toMatchObject({ code: 'not-found' });
  });
});

describe('hunts corrections of a bank’s account that go elsewhere', () => {
  const account = { kind: 'bank-clearing', bank: 'ok', currency: 'USD' } as const;
  const ofBank = (word: 'approve' | 'reject', more = {}): LaneMessage => {
    const said = verdict(word);
    return { ...said, data: { ...said.data, account, ...more } } as LaneMessage;
  };
  const clearing = (book: ReturnType<typeof lane>['book']) =>
    [...book.wallets.values()].find((one) => one.kind === 'bank-clearing')?.posted;

  test('the lane’s part of the clearing account, against suspense, and no wallet', () => {
    const { tell, book, posted } = lane();
    const before = clearing(book) ?? 0n;
    tell(propose({ account, direction: 'debit', amount: '500' }));
    expect(outcomeOf(tell(ofBank('approve')))).toMatchObject({
      adjustment: { status: 'approved' },
      transaction: { type: 'adjustment', amount: '500', direction: 'debit' },
    });
    expect(clearing(book)).toBe(before - 500n);
    expect(posted()).toEqual({ ana: 100n, suspense: 500n });
  });

  test('a currency of which nothing was booked yet has an account, too', () => {
    const { tell, posted } = lane();
    const euros = { ...account, currency: 'EUR' } as const;
    tell(propose({ account: euros }));
    expect(outcomeOf(tell(ofBank('approve', { account: euros })))).toMatchObject({
      transaction: { currency: 'EUR', amount: '40' },
    });
    expect(posted().ana).toBe(100n);
  });

  test.each([
    ['by the wallet that led to the lane', {}],
    ['of another bank', { account: { ...account, bank: 'slow' } }],
  ])('an approval %s is of nothing', (_, more) => {
    const { tell, book } = lane();
    tell(propose({ account }));
    const before = clearing(book);
    const word = verdict('approve');
    const other = { ...word, data: { ...word.data, ...more } } as LaneMessage;
    expect(outcomeOf(tell(other))).toMatchObject({ code: 'not-found' });
    expect(clearing(book)).toBe(before);
  });
});
