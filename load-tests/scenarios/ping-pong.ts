// Pairs that pay each other at the same moment: the shortest way to a deadlock, were there one.
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { optionsOf, setupWith, taken, turn } from '../florin/run.ts';
import { duration, perSecond } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: 8, funding: 1_000_000 });

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

export default function ({ wallets }: Population): void {
  const index = turn();
  const pair = (index >> 1) % (wallets.length / 2);
  const [one = '', other = ''] = [wallets[2 * pair], wallets[2 * pair + 1]];
  const [fromWalletId, toWalletId] = index % 2 === 0 ? [one, other] : [other, one];
  taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
}
