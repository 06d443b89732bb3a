// Half an ordinary day's rate for a long time: what leaks shows in the memory that is printed.
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { optionsOf, pickPair, setupWith, taken } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 100_000 });

export const options = optionsOf(
  {
    executor: 'constant-arrival-rate',
    rate: perSecond(50),
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 50,
    maxVUs: 400,
  },
  { name: 'POST /v1/transfers', p99Ms: 500 },
);

export default function ({ wallets }: Population): void {
  const [fromWalletId, toWalletId] = pickPair(wallets);
  taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
}
