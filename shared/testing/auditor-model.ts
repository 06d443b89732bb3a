/**
 * A second, much simpler ledger: no lanes, no batches, no SQL, nothing shared with the real one. It
 * is told the same commands in the same order and says what must have come of them.
 */
export type AuditedCommand =
  | { do: 'open'; wallet: string; currency: string }
  | ({ do: 'transfer'; from: string; to: string } & AuditedOrder)
  | ({ do: 'deposit'; wallet: string } & AuditedOrder)
  | ({ do: 'withdraw'; wallet: string } & AuditedOrder)
  | ({ do: 'hold'; from: string; to: string; expiresIn: number } & AuditedOrder)
  | ({ do: 'convert'; from: string; to: string } & AuditedQuote & AuditedOrder)
  | { do: 'capture'; id: string; of: string; part: bigint | 'all'; final: boolean }
  | { do: 'release'; id: string; of: string }
  | { do: 'reverse'; id: string; of: string; part: bigint | 'all' }
  | { do: 'expire-hold'; id: string }
  | { do: 'bulk'; id: string; items: Extract<AuditedCommand, { do: 'transfer' }>[] }
  | { do: 'settle'; id: string; completed: boolean }
  | { do: 'review'; id: string; verdict: 'approve' | 'decline' | 'expire' }
  | { do: 'set-overdraft'; wallet: string; limit: bigint }
  /** More than nothing is given to the wallet, less is taken from it. */
  | { do: 'propose'; id: string; wallet: string; correction: bigint; by: string; expiresIn: number }
  | { do: 'decide'; id: string; wallet: string; approve: boolean; by: string }
  | { do: 'set-status'; wallet: string; status: 'active' | 'frozen' | 'closed' };

interface AuditedOrder {
  id: string;
  amount: bigint;
  currency: string;
  /** What was thought of it, where that decides: in shadow mode it doesn't. */
  risk?: 'approve' | 'review' | 'block' | undefined;
}

/** What was promised for the amount, in a second currency. */
interface AuditedQuote {
  quote: string;
  toCurrency: string;
  toAmount: bigint;
  /** The promise is over when it is asked for. */
  expired: boolean;
}

/** What a kind of payment costs, in the words in which the staff sets it. */
export interface AuditedFeeRule {
  type: 'transfer' | 'deposit' | 'withdrawal' | 'capture' | 'conversion';
  currency: string;
  paidBy: 'sender' | 'recipient';
  tiers: readonly { from: string; flat?: string; basisPoints?: number }[];
  min?: string | undefined;
  max?: string | undefined;
}

/** A fee as it is fixed with an order. */
interface AuditedFee {
  amount: bigint;
  paidBy: 'sender' | 'recipient';
}

export interface AuditedTransaction {
  status: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
  code?: string;
  review?: 'open' | 'approved' | 'declined' | 'expired';
}

interface AuditedWallet {
  currency: string;
  status: string;
  posted: bigint;
  held: bigint;
  entries: number;
  overdraft: bigint;
}

export interface AuditorModel {
  /** @param at when it is decided; without it a unit of time passes with each command */
  apply(command: AuditedCommand, at?: number): void;
  /** What is ordered from now on costs this. */
  setFees(rules: readonly AuditedFeeRule[]): void;
  /** What the platform has earned, by currency. */
  fees: ReadonlyMap<string, bigint>;
  wallets: ReadonlyMap<string, AuditedWallet>;
  transactions: ReadonlyMap<string, AuditedTransaction>;
}

type OrderCommand = Extract<AuditedCommand, { amount: bigint }>;
type FollowUp = Extract<AuditedCommand, { of: string }>;

/** Money that came to somebody and may go back: how much of it is left to do so. */
interface Returnable {
  from: string;
  to: string;
  left: bigint;
}

interface AuditedHold {
  from: string;
  to: string;
  left: bigint;
  captured: boolean;
  until: number;
}

/** @param reviewFor after so many commands nobody may approve a transaction any more */
export function createAuditorModel(reviewFor = Infinity): AuditorModel {
  const wallets = new Map<string, AuditedWallet>();
  const transactions = new Map<string, AuditedTransaction>();
  const open = new Map<
    string,
    { kind: 'deposit' | 'withdraw'; wallet: string; amount: bigint; fee: AuditedFee }
  >();
  let feeRules: readonly AuditedFeeRule[] = [];
  const earned = new Map<string, bigint>();
  /** Of orders: fixed when they are made, whatever the rules are later. */
  const fixedFees = new Map<string, AuditedFee>();
  const reviews = new Map<string, { order: OrderCommand; until: number }>();
  const returnable = new Map<string, Returnable>();
  const holds = new Map<string, AuditedHold>();
  const usedQuotes = new Set<string>();
  /** Who would give a payment back, and to whom: known of what never came to pass, too. */
  const proposals = new Map<
    string,
    { wallet: string; correction: bigint; by: string; until: number }
  >();
  const parties = new Map<string, { payer: string; payee: string }>();
  let now = 0;

  function move(wallet: AuditedWallet, by: bigint): void {
    wallet.posted += by;
    wallet.entries += 1;
  }

  /** What is more than a half of a unit counts as one, and a half does, too. */
  function feeOf(type: AuditedFeeRule['type'], currency: string, amount: bigint): AuditedFee {
    const rule = feeRules.find((one) => one.type === type && one.currency === currency);
    const tier = rule?.tiers.filter(({ from }) => BigInt(from) <= amount).at(-1);
    if (rule === undefined || tier === undefined) return { amount: 0n, paidBy: 'sender' };
    const parts = amount * BigInt(tier.basisPoints ?? 0);
    const rounded = parts / 10_000n + (parts % 10_000n >= 5_000n ? 1n : 0n);
    let fee = BigInt(tier.flat ?? 0) + rounded;
    if (rule.min !== undefined && fee < BigInt(rule.min)) fee = BigInt(rule.min);
    if (rule.max !== undefined && fee > BigInt(rule.max)) fee = BigInt(rule.max);
    return { amount: fee, paidBy: rule.paidBy };
  }

  const FEE_TYPE = {
    transfer: 'transfer',
    deposit: 'deposit',
    withdraw: 'withdrawal',
    convert: 'conversion',
  } as const;

  /** What the order costs, now or as it was fixed before. */
  function feeOfOrder(command: OrderCommand): AuditedFee {
    const known = fixedFees.get(command.id);
    if (known !== undefined) return known;
    const fee: AuditedFee =
      command.do === 'hold'
        ? { amount: 0n, paidBy: 'sender' }
        : feeOf(FEE_TYPE[command.do], command.currency, command.amount);
    fixedFees.set(command.id, fee);
    return fee;
  }

  const withFee = (amount: bigint, fee: AuditedFee): bigint =>
    fee.paidBy === 'sender' ? amount + fee.amount : amount;
  const lessFee = (amount: bigint, fee: AuditedFee): bigint =>
    fee.paidBy === 'recipient' ? amount - fee.amount : amount;

  function earn(currency: string, fee: AuditedFee): void {
    if (fee.amount > 0n) earned.set(currency, (earned.get(currency) ?? 0n) + fee.amount);
  }

  const spendable = ({ posted, held, overdraft }: AuditedWallet): bigint =>
    posted - held + overdraft;

  const payerOf = (command: OrderCommand): string =>
    'from' in command ? command.from : command.wallet;

  function refusalOfWallets(command: OrderCommand): string | undefined {
    const payer = wallets.get(payerOf(command));
    if (payer === undefined) throw new Error('the auditor was told of an unknown payer');
    const blocked = (wallet: AuditedWallet) =>
      wallet.status === 'active' ? undefined : `wallet-${wallet.status}`;
    if (blocked(payer) !== undefined) return blocked(payer);
    if (payer.currency !== command.currency) return 'currency-mismatch';
    if (!('from' in command)) return undefined;
    if (command.from === command.to) return 'same-wallet';
    const payee = wallets.get(command.to);
    if (payee === undefined) return 'not-found';
    if (blocked(payee) !== undefined) return blocked(payee);
    const expected = command.do === 'convert' ? command.toCurrency : payer.currency;
    return payee.currency === expected ? undefined : 'currency-mismatch';
  }

  function refusal(command: OrderCommand): string | undefined {
    const ofWallets = refusalOfWallets(command);
    if (ofWallets !== undefined) return ofWallets;
    if (command.do === 'convert' && usedQuotes.has(command.quote)) return 'quote-used';
    if (command.do === 'convert' && command.expired) return 'quote-expired';
    const payer = wallets.get(payerOf(command)) as AuditedWallet;
    const fee = feeOfOrder(command);
    if (lessFee(command.amount, fee) <= 0n) return 'amount-below-fee';
    const isShort = spendable(payer) < withFee(command.amount, fee);
    if (command.do !== 'deposit' && isShort) return 'insufficient-funds';
    return command.risk === 'block' ? 'risk-blocked' : undefined;
  }

  function order(command: OrderCommand): void {
    if (transactions.has(command.id)) return;
    if ('from' in command) parties.set(command.id, { payer: command.to, payee: command.from });
    if (command.do === 'deposit') parties.set(command.id, { payer: command.wallet, payee: '' });
    const code = refusal(command);
    if (code === undefined && command.do === 'convert') usedQuotes.add(command.quote);
    if (code === undefined && command.do === 'hold') {
      const { id, from, to, amount } = command;
      holds.set(id, { from, to, left: amount, captured: false, until: now + command.expiresIn });
    }
    if (code !== undefined) {
      transactions.set(command.id, { status: 'failed', code });
    } else if (command.risk === 'review') {
      const payer = wallets.get(payerOf(command)) as AuditedWallet;
      if (command.do !== 'deposit') payer.held += withFee(command.amount, feeOfOrder(command));
      transactions.set(command.id, { status: 'held', review: 'open' });
      reviews.set(command.id, { order: command, until: now + reviewFor });
    } else {
      transactions.set(command.id, carriedOut(command));
    }
  }

  /** All of them or none: of none, only the first that was refused is known. */
  function bulk(items: Extract<AuditedCommand, { do: 'transfer' }>[]): void {
    if (items.some(({ id }) => transactions.has(id))) return;
    const before = [...wallets].map(([id, wallet]) => [id, { ...wallet }] as const);
    const earnedBefore = [...earned];
    for (const item of items) {
      order(item);
      const { status, code = 'risk-blocked' } = transactions.get(item.id) as AuditedTransaction;
      if (status === 'completed') continue;
      for (const [id, wallet] of before) wallets.set(id, wallet);
      for (const { id } of items) {
        for (const known of [transactions, reviews, returnable, parties, fixedFees])
          known.delete(id);
      }
      earned.clear();
      for (const [currency, amount] of earnedBefore) earned.set(currency, amount);
      parties.set(item.id, { payer: item.to, payee: item.from });
      transactions.set(item.id, { status: 'failed', code });
      return;
    }
  }

  function carriedOut(command: OrderCommand): AuditedTransaction {
    const { amount } = command;
    const fee = feeOfOrder(command);
    if (command.do === 'transfer') {
      move(wallets.get(command.from) as AuditedWallet, -withFee(amount, fee));
      move(wallets.get(command.to) as AuditedWallet, lessFee(amount, fee));
      earn(command.currency, fee);
      returnable.set(command.id, { from: command.from, to: command.to, left: amount });
      return { status: 'completed' };
    }
    if (command.do === 'convert') {
      // Nobody gives it back: the rate is another one by then.
      move(wallets.get(command.from) as AuditedWallet, -withFee(amount, fee));
      move(wallets.get(command.to) as AuditedWallet, command.toAmount);
      earn(command.currency, fee);
      return { status: 'completed' };
    }
    if (command.do === 'hold') {
      (wallets.get(command.from) as AuditedWallet).held += amount;
      return { status: 'held' };
    }
    const wallet = wallets.get(command.wallet) as AuditedWallet;
    if (command.do === 'withdraw') wallet.held += withFee(amount, fee);
    open.set(command.id, { kind: command.do, wallet: command.wallet, amount, fee });
    return { status: command.do === 'withdraw' ? 'held' : 'pending' };
  }

  function review(id: string, verdict: 'approve' | 'decline' | 'expire'): void {
    const waiting = reviews.get(id);
    if (waiting === undefined) return;
    const isOver = now >= waiting.until;
    if (verdict === 'approve' && (isOver || refusalOfWallets(waiting.order) !== undefined)) return;
    if (verdict === 'approve' && now >= (holds.get(id)?.until ?? Infinity)) return;
    if (verdict === 'expire' && !isOver) return;
    reviews.delete(id);
    const payer = wallets.get(payerOf(waiting.order)) as AuditedWallet;
    const { order: reviewed } = waiting;
    if (reviewed.do !== 'deposit') payer.held -= withFee(reviewed.amount, feeOfOrder(reviewed));
    if (verdict === 'approve') {
      transactions.set(id, { ...carriedOut(waiting.order), review: 'approved' });
    } else {
      const word = verdict === 'decline' ? 'declined' : 'expired';
      const hold = holds.get(id);
      if (hold !== undefined) hold.left = 0n;
      transactions.set(id, { status: 'failed', code: 'risk-blocked', review: word });
    }
  }

  function settle(id: string, completed: boolean): void {
    const waiting = open.get(id);
    if (waiting === undefined) return;
    open.delete(id);
    const wallet = wallets.get(waiting.wallet) as AuditedWallet;
    const { amount, fee, kind } = waiting;
    if (kind === 'withdraw') wallet.held -= withFee(amount, fee);
    if (completed) {
      move(wallet, kind === 'deposit' ? lessFee(amount, fee) : -withFee(amount, fee));
      earn(wallet.currency, fee);
    }
    if (completed && waiting.kind === 'deposit') {
      returnable.set(id, { from: 'bank', to: waiting.wallet, left: waiting.amount });
    }
    const { review: reviewed } = transactions.get(id) as AuditedTransaction;
    transactions.set(id, {
      ...(completed ? { status: 'completed' } : { status: 'failed', code: 'bank-declined' }),
      ...(reviewed && { review: reviewed }),
    });
  }

  function followUp(command: FollowUp): void {
    if (transactions.has(command.id)) return;
    if (command.do === 'capture') parties.set(command.id, partiesOf(command.of));
    const code = command.do === 'reverse' ? giveBack(command) : drawOn(command);
    transactions.set(command.id, code === undefined ? { status: 'completed' } : failed(code));
  }

  const failed = (code: string): AuditedTransaction => ({ status: 'failed', code });

  const isActive = (wallet: AuditedWallet, bank = false): string | undefined =>
    wallet.status === 'closed' || (wallet.status === 'frozen' && !bank)
      ? `wallet-${wallet.status}`
      : undefined;

  function giveBack({ of, part }: Extract<FollowUp, { do: 'reverse' }>): string | undefined {
    const original = transactions.get(of) as AuditedTransaction;
    if (original.status === 'reversed') return 'hold-already-settled';
    const money = returnable.get(of);
    const { payer, payee } = partiesOf(of);
    const from = wallets.get(payer) as AuditedWallet;
    const to = wallets.get(payee);
    const stopped = isActive(from, to === undefined) ?? (to && isActive(to));
    if (stopped !== undefined) return stopped;
    const left = money?.left ?? 0n;
    const amount = part === 'all' ? left : part;
    if (money === undefined || amount > left || left === 0n) return 'limit-exceeded';
    if (spendable(from) < amount) return 'insufficient-funds';
    move(from, -amount);
    if (to !== undefined) move(to, amount);
    money.left -= amount;
    if (money.left === 0n) original.status = 'reversed';
    return undefined;
  }

  function partiesOf(id: string): { payer: string; payee: string } {
    const told = parties.get(id);
    if (told === undefined) throw new Error('the auditor was told to reverse what it never saw');
    return told;
  }

  function drawOn(command: Exclude<FollowUp, { do: 'reverse' }>): string | undefined {
    const original = transactions.get(command.of) as AuditedTransaction;
    if (original.code === 'hold-expired') return 'hold-expired';
    if (original.status !== 'held') return 'hold-already-settled';
    const hold = holds.get(command.of) as AuditedHold;
    if (now >= hold.until) return 'hold-expired';
    const isWatched = reviews.has(command.of);
    if (command.do === 'release') {
      if (isWatched) return 'limit-exceeded';
      endHold(original, hold, 'reversed');
      return undefined;
    }
    const [from, to] = [hold.from, hold.to].map((one) => wallets.get(one) as AuditedWallet);
    if (from === undefined || to === undefined) throw new Error('a hold of nobody');
    const stopped = isActive(from) ?? isActive(to);
    if (stopped !== undefined) return stopped;
    const left = isWatched ? 0n : hold.left;
    const amount = command.part === 'all' ? left : command.part;
    if (amount > left || left === 0n) return 'limit-exceeded';
    const fee = feeOf('capture', from.currency, amount);
    if (lessFee(amount, fee) <= 0n) return 'amount-below-fee';
    from.held -= amount;
    move(from, -amount);
    move(to, lessFee(amount, fee));
    earn(from.currency, fee);
    hold.left -= amount;
    hold.captured = true;
    returnable.set(command.id, { from: hold.from, to: hold.to, left: amount });
    if (hold.left === 0n || command.final) endHold(original, hold, 'reversed');
    return undefined;
  }

  function endHold(
    original: AuditedTransaction,
    hold: AuditedHold,
    uncaptured: 'reversed' | 'failed',
  ): void {
    (wallets.get(hold.from) as AuditedWallet).held -= hold.left;
    hold.left = 0n;
    original.status = hold.captured ? 'completed' : uncaptured;
    if (original.status === 'failed') original.code = 'hold-expired';
  }

  function expireHold(id: string): void {
    const original = transactions.get(id);
    const hold = holds.get(id);
    if (original?.status !== 'held' || hold === undefined) return;
    if (now < hold.until || reviews.has(id)) return;
    endHold(original, hold, 'failed');
  }

  function setOverdraft(id: string, limit: bigint): void {
    const wallet = wallets.get(id);
    if (wallet === undefined || wallet.status === 'closed') return;
    if (wallet.posted - wallet.held + limit >= 0n) wallet.overdraft = limit;
  }

  function propose({ id, wallet, ...proposal }: Extract<AuditedCommand, { do: 'propose' }>): void {
    const { correction, by, expiresIn } = proposal;
    if (proposals.has(id) || (wallets.get(wallet)?.status ?? 'closed') === 'closed') return;
    proposals.set(id, { wallet, correction, by, until: now + expiresIn });
  }

  function decide({ id, wallet, approve, by }: Extract<AuditedCommand, { do: 'decide' }>): void {
    const proposal = proposals.get(id);
    if (proposal === undefined || proposal.wallet !== wallet || proposal.by === by) return;
    if (now >= proposal.until) return;
    const corrected = wallets.get(wallet) as AuditedWallet;
    const isPossible =
      corrected.status !== 'closed' && spendable(corrected) + proposal.correction >= 0n;
    // Who takes from a wallet must find it there; to give is always possible.
    if (approve && !isPossible && (proposal.correction < 0n || corrected.status === 'closed'))
      return;
    proposals.set(id, { ...proposal, until: 0 });
    if (!approve) return;
    move(corrected, proposal.correction);
    transactions.set(id, { status: 'completed' });
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
    fees: earned,
    setFees(rules) {
      feeRules = rules;
    },
    apply(command, at = now + 1) {
      now = at;
      switch (command.do) {
        case 'open':
          if (wallets.has(command.wallet)) return;
          wallets.set(command.wallet, {
            currency: command.currency,
            status: 'active',
            posted: 0n,
            held: 0n,
            entries: 0,
            overdraft: 0n,
          });
          return;
        case 'bulk':
          return bulk(command.items);
        case 'capture':
        case 'release':
        case 'reverse':
          return followUp(command);
        case 'expire-hold':
          return expireHold(command.id);
        case 'settle':
          return settle(command.id, command.completed);
        case 'review':
          return review(command.id, command.verdict);
        case 'set-overdraft':
          return setOverdraft(command.wallet, command.limit);
        case 'propose':
          return propose(command);
        case 'decide':
          return decide(command);
        case 'set-status':
          return setStatus(command.wallet, command.status);
        default:
          return order(command);
      }
    },
  };
}
