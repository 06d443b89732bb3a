/**
 * A second, much simpler ledger: no lanes, no batches, no SQL, nothing shared with the real one. It
 * is told the same commands in the same order and says what must have come of them.
 */
export type AuditedCommand =
  | { do: 'open'; wallet: string; currency: string }
  | ({ do: 'transfer'; from: string; to: string } & AuditedOrder)
  | ({ do: 'deposit'; wallet: string } & AuditedOrder)
  | ({ do: 'withdraw'; wallet: string } & AuditedOrder)
  | { do: 'settle'; id: string; completed: boolean }
  | { do: 'review'; id: string; verdict: 'approve' | 'decline' | 'expire' }
  | { do: 'set-status'; wallet: string; status: 'active' | 'frozen' | 'closed' };

interface AuditedOrder {
  id: string;
  amount: bigint;
  currency: string;
  /** What was thought of it, where that decides: in shadow mode it doesn't. */
  risk?: 'approve' | 'review' | 'block' | undefined;
}

export interface AuditedTransaction {
  status: 'pending' | 'held' | 'completed' | 'failed';
  code?: string;
  review?: 'open' | 'approved' | 'declined' | 'expired';
}

interface AuditedWallet {
  currency: string;
  status: string;
  posted: bigint;
  held: bigint;
  entries: number;
}

export interface AuditorModel {
  apply(command: AuditedCommand): void;
  wallets: ReadonlyMap<string, AuditedWallet>;
  transactions: ReadonlyMap<string, AuditedTransaction>;
}

type OrderCommand = Extract<AuditedCommand, { amount: bigint }>;

/** @param reviewFor after so many commands nobody may approve a transaction any more */
export function createAuditorModel(reviewFor = Infinity): AuditorModel {
  const wallets = new Map<string, AuditedWallet>();
  const transactions = new Map<string, AuditedTransaction>();
  const open = new Map<string, { kind: 'deposit' | 'withdraw'; wallet: string; amount: bigint }>();
  const reviews = new Map<string, { order: OrderCommand; until: number }>();
  let now = 0;

  function move(wallet: AuditedWallet, by: bigint): void {
    wallet.posted += by;
    wallet.entries += 1;
  }

  const payerOf = (command: OrderCommand): string =>
    command.do === 'transfer' ? command.from : command.wallet;

  function refusalOfWallets(command: OrderCommand): string | undefined {
    const payer = wallets.get(payerOf(command));
    if (payer === undefined) throw new Error('the auditor was told of an unknown payer');
    const blocked = (wallet: AuditedWallet) =>
      wallet.status === 'active' ? undefined : `wallet-${wallet.status}`;
    if (blocked(payer) !== undefined) return blocked(payer);
    if (payer.currency !== command.currency) return 'currency-mismatch';
    if (command.do !== 'transfer') return undefined;
    if (command.from === command.to) return 'same-wallet';
    const payee = wallets.get(command.to);
    if (payee === undefined) return 'not-found';
    if (blocked(payee) !== undefined) return blocked(payee);
    return payee.currency === payer.currency ? undefined : 'currency-mismatch';
  }

  function refusal(command: OrderCommand): string | undefined {
    const ofWallets = refusalOfWallets(command);
    if (ofWallets !== undefined) return ofWallets;
    if (command.risk === 'block') return 'risk-blocked';
    if (command.do === 'deposit') return undefined;
    const payer = wallets.get(payerOf(command)) as AuditedWallet;
    return payer.posted - payer.held < command.amount ? 'insufficient-funds' : undefined;
  }

  function order(command: OrderCommand): void {
    if (transactions.has(command.id)) return;
    const code = refusal(command);
    if (code !== undefined) {
      transactions.set(command.id, { status: 'failed', code });
    } else if (command.risk === 'review') {
      const payer = wallets.get(payerOf(command)) as AuditedWallet;
      if (command.do !== 'deposit') payer.held += command.amount;
      transactions.set(command.id, { status: 'held', review: 'open' });
      reviews.set(command.id, { order: command, until: now + reviewFor });
    } else {
      transactions.set(command.id, carriedOut(command));
    }
  }

  function carriedOut(command: OrderCommand): AuditedTransaction {
    const { amount } = command;
    if (command.do === 'transfer') {
      move(wallets.get(command.from) as AuditedWallet, -amount);
      move(wallets.get(command.to) as AuditedWallet, amount);
      return { status: 'completed' };
    }
    const wallet = wallets.get(command.wallet) as AuditedWallet;
    if (command.do === 'withdraw') wallet.held += amount;
    open.set(command.id, { kind: command.do, wallet: command.wallet, amount });
    return { status: command.do === 'withdraw' ? 'held' : 'pending' };
  }

  function review(id: string, verdict: 'approve' | 'decline' | 'expire'): void {
    const waiting = reviews.get(id);
    if (waiting === undefined) return;
    const isOver = now >= waiting.until;
    if (verdict === 'approve' && (isOver || refusalOfWallets(waiting.order) !== undefined)) return;
    if (verdict === 'expire' && !isOver) return;
    reviews.delete(id);
    const payer = wallets.get(payerOf(waiting.order)) as AuditedWallet;
    if (waiting.order.do !== 'deposit') payer.held -= waiting.order.amount;
    if (verdict === 'approve') {
      transactions.set(id, { ...carriedOut(waiting.order), review: 'approved' });
    } else {
      const word = verdict === 'decline' ? 'declined' : 'expired';
      transactions.set(id, { status: 'failed', code: 'risk-blocked', review: word });
    }
  }

  function settle(id: string, completed: boolean): void {
    const waiting = open.get(id);
    if (waiting === undefined) return;
    open.delete(id);
    const wallet = wallets.get(waiting.wallet) as AuditedWallet;
    if (waiting.kind === 'withdraw') wallet.held -= waiting.amount;
    if (completed) move(wallet, waiting.kind === 'deposit' ? waiting.amount : -waiting.amount);
    const { review: reviewed } = transactions.get(id) as AuditedTransaction;
    transactions.set(id, {
      ...(completed ? { status: 'completed' } : { status: 'failed', code: 'bank-declined' }),
      ...(reviewed && { review: reviewed }),
    });
  }

  function setStatus(id: string, status: 'active' | 'frozen' | 'closed'): void {
    const wallet = wallets.get(id);
    if (wallet === undefined || wallet.status === 'closed') return;
    if (status === 'closed' && (wallet.posted !== 0n || wallet.held !== 0n)) return;
    const isAwaited =
      [...open.values()].some((waiting) => waiting.wallet === id) ||
      [...reviews.values()].some((waiting) => payerOf(waiting.order) === id);
    if (status === 'closed' && isAwaited) return;
    wallet.status = status;
  }

  return {
    wallets,
    transactions,
    apply(command) {
      now += 1;
      switch (command.do) {
        case 'open':
          if (wallets.has(command.wallet)) return;
          wallets.set(command.wallet, {
            currency: command.currency,
            status: 'active',
            posted: 0n,
            held: 0n,
            entries: 0,
          });
          return;
        case 'settle':
          return settle(command.id, command.completed);
        case 'review':
          return review(command.id, command.verdict);
        case 'set-status':
          return setStatus(command.wallet, command.status);
        default:
          return order(command);
      }
    },
  };
}
