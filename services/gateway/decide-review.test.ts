import type { LaneMessage, Outcome, Transaction } from '@florin/contracts';
import { RetryableError, systemClock } from '@florin/kernel';
import type { RecordedAction } from '@florin/messaging';
import { describe, expect, test } from 'vitest';
import { createDecideReview, type Verdict } from './decide-review.ts';
import { overloaded } from './domain/refusal.ts';

const id = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
const walletId = '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990';

const transaction = (review?: Partial<NonNullable<Transaction['review']>>): Transaction => ({
  id,
  type: 'transfer',
  status: 'held',
  walletId,
  amount: '100',
  currency: 'USD',
  createdAt: '2026-01-01T00:00:00.000Z',
  review: {
    status: 'open',
    openedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-04T00:00:00.000Z',
    ...review,
  },
});

const unreviewed = transaction();
delete unreviewed.review;

const approved = {
  status: 'approved',
  decidedBy: 'olga',
  decidedAt: '2026-01-02T00:00:00.000Z',
  note: 'called her',
} as const;

const decided = (review: Partial<NonNullable<Transaction['review']>>): Outcome => ({
  kind: 'transaction',
  requestId: 'verdict',
  transaction: transaction(review),
  replayed: false,
});

interface World {
  /** What the ledger answers, the first time it is asked and the second. */
  ledger?: (Transaction | null)[];
  heard?: Outcome;
  owner?: string;
  audit?: 'away';
  full?: boolean;
}

async function decide(world: World, verdict: Partial<Verdict> = {}) {
  const sent: LaneMessage[] = [];
  const recorded: RecordedAction[] = [];
  const answers = [...(world.ledger ?? [transaction()])];
  const decideReview = createDecideReview({
    admit: () => (world.full === true ? overloaded('full') : undefined),
    inbox: { wait: async () => world.heard } as never,
    lanes: { send: (message: LaneMessage) => sent.push(message) } as never,
    ledger: {
      getTransaction: async () => ({ transaction: answers.shift() ?? null, clientId: null }),
    },
    directory: { find: () => ({ ownerId: world.owner ?? 'ana', currency: 'USD' }) },
    record: async (action) => {
      if (world.audit === 'away') throw new RetryableError('away');
      recorded.push(action);
    },
    clock: systemClock,
  });
  const given = { transactionId: id, verdict: 'approve', actorId: 'otto' } as const;
  const all = { ...given, note: undefined, requestId: 'r', ...verdict };
  return { answer: await decideReview(all), sent, recorded };
}

describe('hunts verdicts that are answered before they hold, or that nobody answers for', () => {
  test('a verdict goes down the payer’s lane, and is recorded as the ledger has it', async () => {
    const { answer, sent, recorded } = await decide({ heard: decided(approved) }, { note: 'ok' });
    expect(answer).toMatchObject({ review: { status: 'approved' } });
    expect(sent).toMatchObject([
      {
        type: 'florin.decide-review.v1',
        partitionkey: walletId,
        data: { transactionId: id, walletId, verdict: 'approve', decidedBy: 'otto', note: 'ok' },
      },
    ]);
    // Otto repeated what Olga had decided: she is the one who did it.
    expect(recorded).toMatchObject([
      {
        id: `review-${id}-approved`,
        actorId: 'olga',
        action: 'review-approved',
        target: id,
        at: approved.decidedAt,
        note: 'called her',
      },
    ]);
  });

  test('what was not heard is looked up', async () => {
    const declined = { ...approved, status: 'declined' } as const;
    const ledger = [transaction(), transaction(declined)];
    const { answer, recorded } = await decide({ ledger }, { verdict: 'decline' });
    expect(answer).toMatchObject({ review: { status: 'declined' } });
    expect(recorded).toHaveLength(1);
  });

  test.each<[string, World, object]>([
    ['there is no such transaction', { ledger: [null] }, { refused: 'not-found' }],
    ['it was never under review', { ledger: [unreviewed] }, { refused: 'not-found' }],
    ['it is their own payment', { owner: 'otto' }, { refused: 'forbidden' }],
    ['there is no room', { full: true }, { refused: 'overloaded' }],
    [
      'somebody has decided otherwise',
      { heard: { kind: 'review-refused', requestId: 'v', code: 'hold-already-settled' } },
      { refused: 'hold-already-settled' },
    ],
    [
      'the payee is frozen',
      { heard: { kind: 'review-refused', requestId: 'v', code: 'wallet-frozen' } },
      { refused: 'wallet-frozen' },
    ],
    [
      'nothing is known',
      { ledger: [transaction(), transaction()] },
      { refused: 'overloaded', retryAfterSeconds: 1 },
    ],
  ])('%s: refused, and nothing is recorded', async (_, world, refused) => {
    const { answer, recorded } = await decide(world);
    expect(answer).toMatchObject(refused);
    expect(recorded).toEqual([]);
  });

  test('without the audit log nobody is told that it is done', async () => {
    await expect(decide({ heard: decided(approved), audit: 'away' })).rejects.toThrow('away');
  });
});
