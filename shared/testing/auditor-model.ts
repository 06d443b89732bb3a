/**
 * A second, much simpler ledger: no lanes, no batches, no SQL, nothing shared with the real one. It
 * is told the same commands in the same order and says what must have come of them.
 */
export type AuditedCommand =
  | { do: 'open'; wallet: string; currency: string }
  | { do: 'transfer'; id: string; from: string; to: string; amount: bigint; currency: string }
  | { do: 'deposit'; id: string; wallet: string; amount: bigint; currency: string }
  | { do: 'withdraw'; id: string; wallet: string; amount: bigint; currency: string }
  | { do: 'settle'; id: string; completed: boolean }
  | { do: 'set-status'; wallet: string; status: 'active' | 'frozen' | 'closed' };

export interface AuditedTransaction {
  status: 'pending' | 'held' | 'completed' | 'failed';
  code?: string;
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

export function createAuditorModel(): AuditorModel {
  const wallets = new Map<string, AuditedWallet>();
  const transactions = new Map<string, AuditedTransaction>();
  const open = new Map<string, { kind: 'deposit' | 'withdraw'; wallet: string; amount: bigint }>();

  function move(wallet: AuditedWallet, by: bigint): void {
    wallet.posted += by;
    wallet.entries += 1;
  }

  function refusal(
    command: Extract<AuditedCommand, { id: string; amount: bigint }>,
  ): string | undefined {
    const payer = wallets.get(command.do === 'transfer' ? command.from : command.wallet);
    if (payer === undefined) throw new Error('the auditor was told of an unknown payer');
    const blocked = (wallet: AuditedWallet) =>
      wallet.status === 'active' ? undefined : `wallet-${wallet.status}`;
    if (blocked(payer) !== undefined) return blocked(payer);
    if (payer.currency !== command.currency) return 'currency-mismatch';
    if (command.do === 'deposit') return undefined;
    if (command.do === 'transfer') {
      if (command.from === command.to) return 'same-wallet';
      const payee = wallets.get(command.to);
      if (payee === undefined) return 'not-found';
      if (blocked(payee) !== undefined) return blocked(payee);
      if (payee.currency !== payer.currency) return 'currency-mismatch';
    }
    return payer.posted - payer.held < command.amount ? 'insufficient-funds' : undefined;
  }

  function order(command: Extract<AuditedCommand, { id: string; amount: bigint }>): void {
    if (transactions.has(command.id)) return;
    const code = refusal(command);
    if (code !== undefined) {
      transactions.set(command.id, { status: 'failed', code });
      return;
    }
    const { amount } = command;
    if (command.do === 'transfer') {
      move(wallets.get(command.from) as AuditedWallet, -amount);
      move(wallets.get(command.to) as AuditedWallet, amount);
      transactions.set(command.id, { status: 'completed' });
      return;
    }
    const wallet = wallets.get(command.wallet) as AuditedWallet;
    if (command.do === 'withdraw') wallet.held += amount;
    transactions.set(command.id, { status: command.do === 'withdraw' ? 'held' : 'pending' });
    open.set(command.id, { kind: command.do, wallet: command.wallet, amount });
  }

  function settle(id: string, completed: boolean): void {
    const waiting = open.get(id);
    if (waiting === undefined) return;
    open.delete(id);
    const wallet = wallets.get(waiting.wallet) as AuditedWallet;
    if (waiting.kind === 'withdraw') wallet.held -= waiting.amount;
    if (completed) move(wallet, waiting.kind === 'deposit' ? waiting.amount : -waiting.amount);
    transactions.set(
      id,
      completed ? { status: 'completed' } : { status: 'failed', code: 'bank-declined' },
    );
  }

  function setStatus(id: string, status: 'active' | 'frozen' | 'closed'): void {
    const wallet = wallets.get(id);
    if (wallet === undefined || wallet.status === 'closed') return;
    if (status === 'closed' && (wallet.posted !== 0n || wallet.held !== 0n)) return;
    if (status === 'closed' && [...open.values()].some((waiting) => waiting.wallet === id)) return;
    wallet.status = status;
  }

  return {
    wallets,
    transactions,
    apply(command) {
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
        case 'set-status':
          return setStatus(command.wallet, command.status);
        default:
          return order(command);
      }
    },
  };
}
