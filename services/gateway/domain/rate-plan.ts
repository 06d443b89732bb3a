import type { Caller } from './caller.ts';

/** What a rate limit is counted for, with requests a minute where an installation says nothing. */
export const BUDGETS = {
  /** Per address: tries of whoever has not proven who they are. */
  anonymous: 10,
  /** Per user. */
  user: 100,
  /** Per user who has it in their plan, and per member of the staff. */
  premium: 1000,
  /** Per machine client, unless its plan has no limit. */
  machine: 1000,
  /** Payments per wallet, whoever asks for them. */
  wallet: 120,
} as const;

export type Budget = keyof typeof BUDGETS;

/** Requests a minute; null has no limit. */
export type RatePlan = Readonly<Record<Budget, number | null>>;

const isStaff = ({ roles }: Caller): boolean => [...roles].some((role) => role !== 'user');

/** Which budget the calls of a caller come from; undefined when nobody counts them. */
export function budgetOf(caller: Caller): Budget | undefined {
  if (caller.plan === 'unlimited') return undefined;
  if (caller.kind === 'machine') return 'machine';
  return caller.plan === 'premium' || isStaff(caller) ? 'premium' : 'user';
}

/** The wallet that a payment is counted for: the one that its body names first. */
export function countedWallet(body: unknown): string | undefined {
  const { fromWalletId, walletId } = (body ?? {}) as { fromWalletId?: string; walletId?: string };
  return fromWalletId ?? walletId;
}
