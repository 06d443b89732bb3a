import type { FollowUpOrder, Transaction } from '@florin/contracts';
import type { ClientId, TransactionId } from '@florin/kernel';
import type { Ledger } from './adapters/ledger.ts';
import type { WalletDirectory } from './adapters/wallet-directory.ts';
import { mayChargeBack, mayGiveBackFrom, mayMoveMoneyOf, type Caller } from './domain/caller.ts';
import { refusal, type Refusal } from './domain/refusal.ts';

/** What follows from a transaction, as a client asks for it. */
export interface FollowUpRequest {
  caller: Caller;
  relatedId: string;
  transactionId: TransactionId;
  bodyHash: string;
  type: FollowUpOrder['type'];
  amount: bigint | undefined;
  final: boolean;
  reason: string | undefined;
}

interface FollowUpDeps {
  ledger: Pick<Ledger, 'getTransaction'>;
  directory: Pick<WalletDirectory, 'find'>;
}

/** What a transaction may be followed by, and whose money that moves. */
interface Found {
  related: Transaction;
  /** Who placed it. */
  clientId: string;
  payer: { walletId: string; ownerId: string };
  receiver: { walletId: string; ownerId: string } | undefined;
}

const notFound = (id: string): Refusal =>
  refusal('not-found', `there is no transaction ${id} that you can do this with`);

/** Without the ledger's word on it nothing can follow: what was only promised has not begun. */
async function find({ ledger, directory }: FollowUpDeps, id: string): Promise<Found | undefined> {
  const { transaction: related, clientId } = await ledger.getTransaction({ id });
  if (related === null) return undefined;
  const { walletId, counterpartyWalletId: otherId } = related;
  const [own, other] = await Promise.all([
    directory.find(walletId),
    otherId === undefined ? undefined : directory.find(otherId),
  ]);
  if (own === undefined) return undefined;
  const payer = { walletId, ownerId: own.ownerId };
  const receiver =
    other === undefined || otherId === undefined
      ? undefined
      : { walletId: otherId, ownerId: other.ownerId };
  return { related, clientId: clientId ?? '', payer, receiver };
}

/**
 * Who may give a payment back: whoever has got it, machine clients and operators. A deposit goes
 * back when its bank says so, which only operators hear.
 */
function mayReverse(caller: Caller, { related, receiver }: Found): boolean {
  if (related.type === 'deposit') return mayChargeBack(caller);
  return receiver !== undefined && mayGiveBackFrom(caller, receiver.ownerId);
}

/** Both sides may let a held payment happen: one has promised it, the other was promised it. */
const mayCapture = (caller: Caller, { payer, receiver }: Found): boolean =>
  mayMoveMoneyOf(caller, payer.ownerId) ||
  (receiver !== undefined && mayMoveMoneyOf(caller, receiver.ownerId));

/** A promise is taken back by whom it was made to, or who made it: not by who was made to. */
const mayRelease = (caller: Caller, { clientId, receiver }: Found): boolean =>
  caller.id === clientId || (receiver !== undefined && mayMoveMoneyOf(caller, receiver.ownerId));

const FOLLOWED: Record<FollowUpOrder['type'], readonly Transaction['type'][]> = {
  reversal: ['transfer', 'capture', 'deposit'],
  capture: ['hold'],
  release: ['hold'],
};
const MAY = { reversal: mayReverse, capture: mayCapture, release: mayRelease };

/** What could be taken now: the ledger decides what can be then. At least one, to be refused. */
function leftOf({ type, amount, reversedAmount, hold }: Transaction): bigint {
  const gone =
    type === 'hold'
      ? BigInt(hold?.capturedAmount ?? 0) + BigInt(hold?.releasedAmount ?? 0)
      : BigInt(reversedAmount ?? 0);
  const left = BigInt(amount) - gone;
  return left > 0n ? left : BigInt(amount);
}

/**
 * Makes an order of what a client wants to follow from a transaction. What the caller may not do is
 * as unknown as what does not exist. It goes to the lane of the wallet that pays: of a hold its
 * own, of a reversal that of whoever has the money.
 */
export function createOrderFollowUp(deps: FollowUpDeps) {
  return async (asked: FollowUpRequest): Promise<FollowUpOrder | Refusal> => {
    const { caller, relatedId, type, amount, reason } = asked;
    const found = await find(deps, relatedId);
    if (found === undefined || !MAY[type](caller, found)) return notFound(relatedId);
    const { related, payer, receiver } = found;
    if (!FOLLOWED[type].includes(related.type)) return notFound(relatedId);
    // What is under way to another shard is not known there yet, where it would be given back.
    if (type === 'reversal' && related.status !== 'completed' && related.status !== 'reversed') {
      return refusal('limit-exceeded', 'nothing of it has been moved', {
        facts: { remaining: '0' },
      });
    }
    const pays = type === 'reversal' && related.type !== 'deposit' ? receiver : payer;
    const order = {
      transactionId: asked.transactionId,
      clientId: caller.id satisfies ClientId,
      bodyHash: asked.bodyHash,
      walletId: (pays ?? payer).walletId,
      relatedTransactionId: related.id,
      amount: String(amount ?? leftOf(related)),
      all: amount === undefined,
      currency: related.currency,
      ...(reason === undefined ? {} : { description: reason }),
    };
    return type === 'capture' ? { ...order, type, final: asked.final } : { ...order, type };
  };
}

export type OrderFollowUp = ReturnType<typeof createOrderFollowUp>;
