// Everybody pays one shop, and the shop pays everybody: one wallet is in every transaction.
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { optionsOf, pick, setupWith, taken, turn } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 1_000_000 });

export const options = optionsOf(
  {
    executor: 'constant-arrival-rate',
    rate: perSecond(100),
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 50,
    maxVUs: 400,
  },
  { name: 'POST /v1/transfers', p99Ms: 500 },
);

export default function ({ wallets: [shop = '', ...people] }: Population): void {
  const person = pick(people);
  const [fromWalletId, toWalletId] = turn() % 2 === 0 ? [person, shop] : [shop, person];
  taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
}
