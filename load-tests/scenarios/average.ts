// An ordinary day: mostly transfers between many wallets, some looks at balances, some deposits.
import { check } from 'k6';
import { get, newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { optionsOf, pick, pickPair, setupWith, taken } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 100_000 });

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
  const dice = Math.random();
  if (dice < 0.75) {
    const [fromWalletId, toWalletId] = pickPair(wallets);
    const amount = String(1 + Math.floor(Math.random() * 100));
    taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount }, newKey()));
  } else if (dice < 0.95) {
    const answer = get(`/v1/wallets/${pick(wallets)}`);
    check(answer, { 'the balance is told': ({ status }) => status === 200 });
  } else {
    const body = { walletId: pick(wallets), amount: '500', bankAccount: 'ok' };
    taken(pay('/v1/deposits', body, newKey()));
  }
}
