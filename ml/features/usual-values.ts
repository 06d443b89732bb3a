import { sumOfWindow } from './bucket-window.ts';
import { at } from './cells.ts';
import { F, FEATURE_COUNT } from './feature-table.ts';
import type { ScoredTransaction } from './folded-event.ts';
import { IN_MONTH, MONTH, P } from './profile-layout.ts';
import type { Profiles } from './profiles.ts';

const PAYMENTS_FOR_USUAL = 3;
const DAY_MS = 86_400_000;

/**
 * What each feature normally is for this wallet, as far as its own profile knows: NaN elsewhere,
 * where the median of legitimate transactions has to do. For reasons that are shown to people.
 */
export function usualValues(
  state: Profiles,
  { at: now, walletId }: ScoredTransaction,
): Float32Array {
  const usual = new Float32Array(FEATURE_COUNT).fill(Number.NaN);
  const row = state.wallets.get(walletId)?.row;
  if (!row || at(row, P.payments) < PAYMENTS_FOR_USUAL) return usual;
  const days = Math.max(1, (now - at(row, P.openedAt)) / DAY_MS);
  const attemptsPerDay = at(row, P.attempts) / days;
  const spentPerDay = sumOfWindow(row, MONTH, IN_MONTH.spent, now) / 100 / Math.min(30, days);
  usual[F.amount] = Math.exp(at(row, P.logMean)) / 100;
  usual[F.attempts24h] = attemptsPerDay;
  usual[F.attempts7d] = attemptsPerDay * 7;
  usual[F.spent24h] = spentPerDay;
  usual[F.spent7d] = spentPerDay * 7;
  usual[F.spent30d] = spentPerDay * 30;
  usual[F.sinceLast] = 86_400 / Math.max(attemptsPerDay, 0.001);
  usual[F.overMean] = usual[F.overLargest] = usual[F.dayOverUsual] = 1;
  return usual;
}
