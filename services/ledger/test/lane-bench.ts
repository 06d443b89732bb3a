import { LANE_TYPES, type LaneMessage, type Risk } from '@florin/contracts';
import type { AuditedCommand } from '@florin/testing';
import type { Book } from '../domain/book.ts';
import { noChanges, type Changes } from '../domain/changes.ts';
import { decide } from '../domain/decide.ts';

export const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const ANA = id(1);
export const BEN = id(2);
const OWNER = id(900);
export const REVIEW_FOR_US = 1_000_000;

/** A lane of its own, in memory: commands in, changes out. */
export function bench(reviewForUs = REVIEW_FOR_US) {
  const book: Book = { wallets: new Map(), transactions: new Map() };
  let event = 0;
  let nowUs = 1_700_000_000_000_000;
  const all = noChanges();
  function tell(told: LaneMessage): Changes & { problem: string | undefined } {
    const changes = noChanges();
    const asked = {
      partition: 3,
      origin: 'gateway-1',
      nowUs: (nowUs += 1),
      nextEvent: () => ++event,
      reviewForUs,
    };
    const problem = decide(book, told, asked, changes)?.undecidable;
    all.entries.push(...changes.entries);
    all.events.push(...changes.events);
    return { ...changes, problem };
  }
  const pass = (us: number): void => void (nowUs += us);
  return { book, tell, all, pass };
}

export const riskOf = (decision: Risk['decision'], mode: Risk['mode'] = 'enforce'): Risk => ({
  score: 0.5,
  decision,
  reasons: [],
  modelVersion: 'm1',
  mode,
  degraded: false,
});

export function message(command: AuditedCommand): LaneMessage {
  const envelope = (wallet: string, messageId: string) =>
    ({
      specversion: '1.0',
      id: messageId,
      source: 'test',
      subject: wallet,
      time: '2026-01-01T00:00:00Z',
      dataschema: 'test',
      partitionkey: wallet,
    }) as const;
  type Asking = Extract<AuditedCommand, { amount: bigint }>;
  const order = (wallet: string, asked: Asking) => ({
    transactionId: asked.id,
    clientId: 'client',
    bodyHash: 'same'.padEnd(22, '0'),
    walletId: wallet,
    amount: String(asked.amount),
    currency: asked.currency as 'USD',
    ...(asked.risk && { risk: riskOf(asked.risk) }),
  });
  switch (command.do) {
    case 'open':
      return {
        ...envelope(command.wallet, command.wallet),
        type: LANE_TYPES.openWallet,
        data: {
          walletId: command.wallet,
          ownerId: OWNER,
          name: 'w',
          currency: command.currency as 'USD',
        },
      };
    case 'transfer':
      return {
        ...envelope(command.from, command.id),
        type: LANE_TYPES.transactionInitiated,
        data: {
          ...order(command.from, command),
          type: 'transfer',
          counterpartyWalletId: command.to,
        },
      };
    case 'deposit':
    case 'withdraw':
      return {
        ...envelope(command.wallet, command.id),
        type: LANE_TYPES.transactionInitiated,
        data: {
          ...order(command.wallet, command),
          type: command.do === 'deposit' ? 'deposit' : 'withdrawal',
          bankAccount: 'ok',
        },
      };
    case 'settle':
      return {
        ...envelope('', command.id),
        type: LANE_TYPES.settleTransaction,
        data: {
          transactionId: command.id,
          walletId: '',
          outcome: command.completed ? 'completed' : 'failed',
        },
      };
    case 'review':
      return {
        ...envelope('', id(7)),
        type: LANE_TYPES.decideReview,
        data: { transactionId: command.id, walletId: '', verdict: command.verdict },
      };
    case 'set-status':
      return {
        ...envelope(command.wallet, id(0)),
        type: LANE_TYPES.changeWalletStatus,
        data: { requestId: id(0), walletId: command.wallet, to: command.status },
      };
  }
}

/** A word about a transaction goes to its wallet. */
export function settled(
  book: Book,
  command: Extract<AuditedCommand, { do: 'settle' | 'review' }>,
): LaneMessage {
  const told = message(command);
  const walletId = book.transactions.get(command.id)?.walletId ?? ANA;
  return { ...told, data: { ...told.data, walletId } } as LaneMessage;
}

export const outcomeOf = ({ outcomes }: Changes): unknown =>
  JSON.parse(outcomes[0]?.json() ?? 'null');

/** Ana and Ben with USD wallets; Ana has 100. */
export function twoPeople() {
  const lane = bench();
  for (const wallet of [ANA, BEN]) lane.tell(message({ do: 'open', wallet, currency: 'USD' }));
  lane.tell(message({ do: 'deposit', id: id(100), wallet: ANA, amount: 100n, currency: 'USD' }));
  lane.tell(settled(lane.book, { do: 'settle', id: id(100), completed: true }));
  return lane;
}

export const pay = (
  amount: bigint,
  more: Partial<Extract<AuditedCommand, { do: 'transfer' }>> = {},
) => message({ do: 'transfer', id: id(200), from: ANA, to: BEN, amount, currency: 'USD', ...more });
