import {
  feeRules,
  LANE_TYPES,
  type FeeRule,
  type FollowUpOrder,
  type LaneMessage,
  type Risk,
  type SignedQuote,
} from '@florin/contracts';
import type { AuditedCommand } from '@florin/testing';
import type { Book } from '../domain/book.ts';
import { noChanges, type Changes } from '../domain/changes.ts';
import { decide } from '../domain/decide.ts';
import { feeRulesOf, NO_FEES } from '../domain/fee.ts';

export const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const ANA = id(1);
export const BEN = id(2);
const OWNER = id(900);
export const REVIEW_FOR_US = 1_000_000;

/** A lane of its own, in memory: commands in, changes out, `tickUs` passing with each. */
export function bench(reviewForUs = REVIEW_FOR_US, tickUs = 1) {
  const book: Book = {
    wallets: new Map(),
    transactions: new Map(),
    usedQuotes: new Set(),
    adjustments: new Map(),
  };
  let event = 0;
  let nowUs = 1_700_000_000_000_000;
  const all = noChanges();
  let fees = NO_FEES;
  function tell(told: LaneMessage): Changes & { problem: string | undefined } {
    const changes = noChanges();
    const asked = {
      partition: 3,
      origin: 'gateway-1',
      nowUs: (nowUs += tickUs),
      nextEvent: () => ++event,
      fees,
      reviewForUs,
    };
    const problem = decide(book, told, asked, changes)?.undecidable;
    all.entries.push(...changes.entries);
    all.events.push(...changes.events);
    return { ...changes, problem };
  }
  const pass = (us: number): void => void (nowUs += us);
  const setFees = (rules: FeeRule[]): void => {
    fees = feeRulesOf({ version: fees.version + 1, rules: feeRules.parse(rules) });
  };
  return { book, tell, all, pass, setFees };
}

export const riskOf = (decision: Risk['decision'], mode: Risk['mode'] = 'enforce'): Risk => ({
  score: 0.5,
  decision,
  reasons: [],
  modelVersion: 'm1',
  mode,
  degraded: false,
});

const SIGNED = { clientId: 'client', bodyHash: 'same'.padEnd(22, '0') };

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
    ...SIGNED,
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
    case 'hold':
      return {
        ...envelope(command.from, command.id),
        type: LANE_TYPES.transactionInitiated,
        data: {
          ...order(command.from, command),
          type: 'hold',
          counterpartyWalletId: command.to,
          expiresInSeconds: command.expiresIn,
        },
      };
    case 'convert':
      return {
        ...envelope(command.from, command.id),
        type: LANE_TYPES.transactionInitiated,
        data: {
          ...order(command.from, command),
          type: 'conversion',
          counterpartyWalletId: command.to,
          quote: quoteOf(command),
        },
      };
    case 'bulk': {
      const payer = command.items[0]?.from ?? '';
      const orders = command.items.map((item) => {
        const { clientId: _, bodyHash: __, ...told } = order(item.from, item);
        return { ...told, counterpartyWalletId: item.to };
      });
      const { clientId, bodyHash } = SIGNED;
      return {
        ...envelope(payer, command.id),
        type: LANE_TYPES.bulkInitiated,
        data: { bulkId: command.id, clientId, bodyHash, walletId: payer, orders },
      };
    }
    case 'capture':
    case 'release':
    case 'reverse':
      return {
        ...envelope('', command.id),
        type: LANE_TYPES.followUpInitiated,
        data: followUp(command),
      };
    case 'expire-hold':
      return {
        ...envelope('', command.id),
        type: LANE_TYPES.expireHold,
        data: { transactionId: command.id, walletId: '' },
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
    case 'set-overdraft':
      return {
        ...envelope(command.wallet, id(0)),
        type: LANE_TYPES.changeWalletOverdraft,
        data: { requestId: id(0), walletId: command.wallet, limit: String(command.limit) },
      };
    case 'propose': {
      const { correction } = command;
      return {
        ...envelope(command.wallet, command.id),
        type: LANE_TYPES.proposeAdjustment,
        data: {
          adjustmentId: command.id,
          bodyHash: SIGNED.bodyHash,
          walletId: command.wallet,
          direction: correction > 0n ? 'credit' : 'debit',
          amount: String(correction > 0n ? correction : -correction),
          reason: 'a mistake',
          proposedBy: command.by,
          expiresInSeconds: command.expiresIn,
        },
      };
    }
    case 'decide':
      return {
        ...envelope(command.wallet, id(7)),
        type: LANE_TYPES.decideAdjustment,
        data: {
          adjustmentId: command.id,
          walletId: command.wallet,
          verdict: command.approve ? 'approve' : 'reject',
          decidedBy: command.by,
        },
      };
    case 'set-status':
      return {
        ...envelope(command.wallet, id(0)),
        type: LANE_TYPES.changeWalletStatus,
        data: { requestId: id(0), walletId: command.wallet, to: command.status },
      };
  }
}

/** What was promised; whoever sends it over a real bus has it signed by banking. */
const quoteOf = (command: Extract<AuditedCommand, { do: 'convert' }>): SignedQuote => ({
  id: command.quote,
  clientId: SIGNED.clientId,
  fromCurrency: command.currency as 'USD',
  fromAmount: String(command.amount),
  toCurrency: command.toCurrency as 'USD',
  toAmount: String(command.toAmount),
  rate: '1',
  midRate: '1',
  baseCurrency: 'USD',
  fromValue: String(command.amount),
  toValue: String(command.toAmount),
  expiresAt: command.expired ? '2001-01-01T00:00:00.000Z' : '2101-01-01T00:00:00.000Z',
  signature: '',
  signedAt: '',
});

type FollowUp = Extract<AuditedCommand, { of: string }>;

/** To whom it goes is filled in by `settled`. */
function followUp(command: FollowUp): FollowUpOrder {
  const part = 'part' in command ? command.part : 'all';
  const base = {
    transactionId: command.id,
    ...SIGNED,
    walletId: '',
    relatedTransactionId: command.of,
    amount: part === 'all' ? '1' : String(part),
    all: part === 'all',
    currency: 'USD' as const,
  };
  switch (command.do) {
    case 'reverse':
      return { ...base, type: 'reversal' };
    case 'capture':
      return { ...base, type: 'capture', final: command.final };
    case 'release':
      return { ...base, type: 'release' };
  }
}

/** The wallet in whose lane something about a transaction is decided. */
export function deciderOf(
  command: AuditedCommand,
  { type, walletId, counterpartyWalletId }: Parties,
): string {
  const isPaidBack = command.do === 'reverse' && type !== 'deposit';
  return isPaidBack ? (counterpartyWalletId ?? '') : walletId;
}

export interface Parties {
  type: string;
  walletId: string;
  counterpartyWalletId: string | null;
}

const FOLLOWED: Record<FollowUp['do'], readonly string[]> = {
  reverse: ['transfer', 'deposit', 'capture'],
  capture: ['hold'],
  release: ['hold'],
};

/** The gateway sends nothing after what isn't there, failed, or has no such thing to follow. */
export const mayFollow = (command: FollowUp, type: string, status: string): boolean =>
  FOLLOWED[command.do].includes(type) && (type === 'hold' || status !== 'failed');

/** A word about a transaction goes to its wallet. */
export function settled(
  book: Book,
  command: Exclude<AuditedCommand, { amount: bigint } | { wallet: string } | { items: unknown }>,
): LaneMessage {
  const told = message(command);
  const about = book.transactions.get('of' in command ? command.of : command.id);
  const walletId = about === undefined ? ANA : deciderOf(command, about);
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
