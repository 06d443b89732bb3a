import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import type { AuditedCommand, AuditedTransaction, AuditorModel } from '@florin/testing';
import { arrivalIdOf } from '../../domain/arrival-id.ts';
import type { SimulatedShards } from './simulated-shards.ts';

const ELSEWHERE = 'elsewhere';

/**
 * The auditor's model knows one place for all books. What leaves a shard is a withdrawal to it,
 * what arrives is a deposit, and the other shard is the bank.
 */
export interface AuditedCrossings {
  /** What a message of one shard to another is to the model; undefined where it is no such. */
  ofLetter(message: LaneMessage): AuditedCommand[] | undefined;
  /**
   * As the model must see it, in the shard of whoever pays.
   * @param used keys and quotes that other shards said were theirs
   */
  ofOrder(command: AuditedCommand, used: ReadonlySet<string> | undefined): AuditedCommand;
  /** Of what the model was told that is in no books here. */
  isElsewhere(id: string): boolean;
  /** What the books must say of it: the bank that refused it has a reason here. */
  asWritten(id: string, told: AuditedTransaction): AuditedTransaction;
  /** What arrived for wallets that nobody has. */
  unknown: ReadonlyMap<string, AuditedTransaction>;
}

export function createAuditedCrossings(
  auditor: AuditorModel,
  { areApart }: SimulatedShards,
): AuditedCrossings {
  useQuoteElsewhere(auditor);
  const reasons = new Map<string, string>();
  const unknown = new Map<string, AuditedTransaction>();

  function credit(data: Extract<LaneMessage, { type: 'florin.credit-transfer.v1' }>['data']) {
    const { walletId: wallet, amount, currency } = data;
    const id = arrivalIdOf(data.transactionId) ?? '';
    if (auditor.transactions.has(id) || unknown.has(id)) return [];
    if (!auditor.wallets.has(wallet)) {
      unknown.set(id, { status: 'failed', code: 'not-found' });
      return [];
    }
    return [
      { do: 'deposit', id, wallet, amount: BigInt(amount), currency },
      { do: 'settle', id, completed: true },
    ] as const;
  }

  return {
    unknown,
    ofLetter(message) {
      if (message.type === LANE_TYPES.creditTransfer) return [...credit(message.data)];
      if (message.type !== LANE_TYPES.settleTransfer) return undefined;
      const { transactionId: id, outcome } = message.data;
      const isOpen = auditor.transactions.get(id)?.status === 'held';
      if (isOpen && outcome.status === 'refused') reasons.set(id, outcome.code);
      return [{ do: 'settle', id, completed: outcome.status === 'credited' }];
    },
    isElsewhere: (id) => id.startsWith(ELSEWHERE),
    ofOrder(command, used) {
      if (command.do === 'convert' && used?.has(command.quote)) {
        return { ...command, quote: ELSEWHERE };
      }
      if (command.do !== 'transfer' || !areApart(command.from, command.to)) return command;
      const { id, from: wallet, amount, currency, risk } = command;
      return { do: 'withdraw', id, wallet, amount, currency, risk };
    },
    asWritten(id, told) {
      const code = reasons.get(id);
      return code === undefined || told.status !== 'failed' ? told : { ...told, code };
    },
  };
}

/** A quote that the model knows to be used: what another shard says of one is that. */
function useQuoteElsewhere({ apply }: AuditorModel): void {
  const [from, to] = [`${ELSEWHERE}-from`, `${ELSEWHERE}-to`];
  const deposit = `${ELSEWHERE}-deposit`;
  const paid = { amount: 1n, currency: 'USD' };
  apply({ do: 'open', wallet: from, currency: 'USD' });
  apply({ do: 'open', wallet: to, currency: 'EUR' });
  apply({ do: 'deposit', id: deposit, wallet: from, ...paid });
  apply({ do: 'settle', id: deposit, completed: true });
  const quote = { quote: ELSEWHERE, toCurrency: 'EUR', toAmount: 1n, expired: false };
  apply({ do: 'convert', id: `${ELSEWHERE}-converted`, from, to, ...paid, ...quote });
}
