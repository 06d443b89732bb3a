import type { TransactionOrder } from '@florin/contracts';
import { worthOfCents, type Clock } from '@florin/kernel';
import type { Ledger } from './adapters/ledger.ts';
import type { AssetTable } from './domain/asset-table.ts';
import type { Caller } from './domain/caller.ts';
import type { Refusal } from './domain/refusal.ts';
import { hasProvenLately, stepUpRequired } from './domain/step-up.ts';
import type { FindTransaction } from './find-transaction.ts';

export interface StepUpPolicy {
  /** How long after a proof of identity nothing more is asked. */
  stepUpMs: number;
  /** From so many US cents' worth on a withdrawal is large. */
  stepUpAmount: bigint;
  assets: Pick<AssetTable, 'unitsPerDollar'>;
}

interface ProtectWithdrawalDeps extends StepUpPolicy {
  ledger: Pick<Ledger, 'listTransactions'>;
  findTransaction: FindTransaction;
  clock: Clock;
}

type Withdrawal = TransactionOrder & { type: 'withdrawal' };

/** Enough to know the accounts that somebody uses. */
const LOOKED_BACK = 100;

/**
 * Money that leaves for good wants a fresh proof of identity when it is much, or goes to a bank
 * account that it never went to before: so a stolen token is worth little. Whoever signed in within
 * the last minutes has given it. One that was begun already is answered as it was.
 */
export function createProtectWithdrawal(deps: ProtectWithdrawalDeps) {
  const { ledger, findTransaction, clock, stepUpMs, stepUpAmount, assets } = deps;

  async function isKnownAccount({ walletId, bankAccount }: Withdrawal): Promise<boolean> {
    const { items } = await ledger.listTransactions({
      walletIds: [walletId],
      filter: { type: 'withdrawal', status: 'completed' },
      limit: LOOKED_BACK,
    });
    return items.some((before) => before.bankAccount === bankAccount);
  }

  const isLarge = ({ amount, currency }: Withdrawal): boolean =>
    BigInt(amount) >= worthOfCents(stepUpAmount, currency, assets.unitsPerDollar(currency));

  return async (caller: Caller, order: TransactionOrder): Promise<Refusal | undefined> => {
    if (order.type !== 'withdrawal') return undefined;
    if (hasProvenLately(caller, clock.nowMs(), stepUpMs)) return undefined;
    if (!isLarge(order) && (await isKnownAccount(order))) return undefined;
    const begun = await findTransaction(order.transactionId);
    return begun === undefined ? stepUpRequired : undefined;
  };
}

export type ProtectWithdrawal = ReturnType<typeof createProtectWithdrawal>;
