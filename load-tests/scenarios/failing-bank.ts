// Deposits and withdrawals through banks that say no, fail, and never answer: no money is lost or
// made, and a healthy bank does not suffer from the others.
import { check } from 'k6';
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { codeOf, count, optionsOf, pick, setupWith, turn } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 100_000 });

export const options = optionsOf(
  {
    executor: 'constant-arrival-rate',
    rate: perSecond(20),
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 100,
    maxVUs: 600,
  },
  // The gateway waits 5 s for a bank before it answers 202.
  { name: 'POST /v1/deposits', p99Ms: 6000 },
);

const BANKS = ['ok', 'declined', 'flaky', 'timeout', 'unknown-then-ok', 'unknown-then-declined'];
const NO = ['bank-declined', 'bank-unavailable', 'insufficient-funds', 'risk-blocked'];

export default function ({ wallets }: Population): void {
  const index = turn();
  const bankAccount = BANKS[index % BANKS.length] ?? 'ok';
  const path = index % 2 === 0 ? '/v1/deposits' : '/v1/withdrawals';
  const answer = pay(path, { walletId: pick(wallets), amount: '100', bankAccount }, newKey());
  count(answer);
  check(answer, {
    'it is taken, or refused for a known reason': (said) =>
      [201, 202].includes(said.status) || NO.includes(codeOf(said)),
    'who is turned away is told when to come again': ({ status, headers }) =>
      status !== 503 || headers['Retry-After'] !== undefined,
  });
}
