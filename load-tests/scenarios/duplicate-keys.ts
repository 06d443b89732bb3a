// Every order is sent twice at once, and a third time later: it must happen once.
import { check } from 'k6';
import { newKey, pay, payAtOnce, type Answer } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { count, optionsOf, pickPair, setupWith } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 100_000 });

export const options = optionsOf(
  {
    executor: 'constant-arrival-rate',
    rate: perSecond(30),
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 50,
    maxVUs: 400,
  },
  { name: 'POST /v1/transfers', p99Ms: 500 },
);

const idOf = (answer: Answer): string | undefined =>
  answer.status === 409 ? undefined : (answer.json() as { id?: string } | null)?.id;

export default function ({ wallets }: Population): void {
  const [fromWalletId, toWalletId] = pickPair(wallets);
  const body = { fromWalletId, toWalletId, amount: '7' };
  const key = newKey();
  const both = payAtOnce('/v1/transfers', body, key, 2);
  const third = pay('/v1/transfers', body, key);
  count(third);
  const ids = new Set([...both, third].map(idOf).filter((id) => id !== undefined));
  check(both, {
    'one is taken, the other too or told to wait': (answers) =>
      answers.every(({ status }) => [200, 201, 202, 409].includes(status)),
  });
  check(third, {
    'the third gets the answer of the first': ({ status }) => [200, 201, 202].includes(status),
  });
  check(ids, { 'all have one id': ({ size }) => size === 1 });
  const other = pay('/v1/transfers', { ...body, amount: '8' }, key);
  check(other, { 'another body under the same key is refused': ({ status }) => status === 422 });
}
