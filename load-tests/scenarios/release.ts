// An ordinary day while fraud is released: its processes are replaced one after the other, and
// partitions change hands under load. Nobody may notice more than a moment.
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
  // While a partition has no scorer the watchdog decides, after a second.
  { name: 'POST /v1/transfers', p99Ms: 2500 },
);

export default function ({ wallets }: Population): void {
  const [fromWalletId, toWalletId] = pickPair(wallets);
  taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
}
