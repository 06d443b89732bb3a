// Half of the orders are for more than there is: each gets a final no, and nothing moves.
import { check } from 'k6';
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { codeOf, count, optionsOf, pickPair, setupWith, taken, turn } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 50_000 });

export const options = optionsOf(
  {
    executor: 'constant-arrival-rate',
    rate: perSecond(80),
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 50,
    maxVUs: 400,
  },
  { name: 'POST /v1/transfers', p99Ms: 500 },
);

const MORE_THAN_ANYBODY_HAS = '900000000';
/** What a machine or a model may say to an order like that. */
const NO = ['insufficient-funds', 'risk-blocked', 'limit-exceeded'];

export default function ({ wallets }: Population): void {
  const [fromWalletId, toWalletId] = pickPair(wallets);
  if (turn() % 2 === 0) {
    taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
    return;
  }
  const body = { fromWalletId, toWalletId, amount: MORE_THAN_ANYBODY_HAS };
  const key = newKey();
  const answer = pay('/v1/transfers', body, key);
  count(answer);
  check(answer, {
    'it is refused for good': ({ status }) => status === 422,
    'the reason is a known one': (refused) => NO.includes(codeOf(refused)),
  });
  const again = pay('/v1/transfers', body, key);
  check(again, { 'and stays refused': (same) => codeOf(same) === codeOf(answer) });
}
