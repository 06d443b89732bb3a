// Connections between the parts of the platform fail (npm run chaos): who gets no answer asks again
// with the same key until there is one, and nothing happens twice.
import { check, sleep } from 'k6';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { codeOf, count, PATIENCE, pick, pickPair, setupWith, TREND_STATS } from '../florin/run.ts';
import { duration, perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 1_000_000 });

const triesOfAnOrder = new Trend('tries_of_an_order');
const TRIES_MAX = 120;
const BETWEEN_TRIES_S = 0.5;

/** A deposit whose bank was away has failed for good: who still wants it asks with a new key. */
const isFinal = ({ status, code }: Said): boolean =>
  [200, 201, 422].includes(status) || code === 'bank-unavailable';

export const options: Options = {
  scenarios: {
    [settings.scenario]: {
      executor: 'constant-arrival-rate',
      rate: perSecond(50),
      timeUnit: '1s',
      duration,
      preAllocatedVUs: 100,
      maxVUs: 600,
      gracefulStop: '60s',
    },
  },
  ...PATIENCE,
  summaryTrendStats: TREND_STATS,
  // How long it takes is not promised while nothing works; that it happens once is.
  thresholds: { checks: ['rate==1'] },
};

interface Said {
  /** 0 where nobody can be reached: not even who gives tokens. */
  status: number;
  code: string;
}

function ask(path: string, body: unknown, key: string): Said {
  try {
    const answer = pay(path, body, key);
    count(answer);
    return { status: answer.status, code: codeOf(answer) };
  } catch {
    return { status: 0, code: 'nobody answers' };
  }
}

function anyOrder(wallets: string[]): [path: string, body: unknown] {
  const dice = Math.random();
  if (dice < 0.1) {
    return ['/v1/deposits', { walletId: pick(wallets), amount: '100', bankAccount: 'ok' }];
  }
  if (dice < 0.2) {
    return ['/v1/withdrawals', { walletId: pick(wallets), amount: '100', bankAccount: 'ok' }];
  }
  const [fromWalletId, toWalletId] = pickPair(wallets);
  return ['/v1/transfers', { fromWalletId, toWalletId, amount: '1' }];
}

export default function ({ wallets }: Population): void {
  const [path, body] = anyOrder(wallets);
  const key = newKey();
  let said: Said = { status: 0, code: '' };
  let tries = 0;
  while (tries < TRIES_MAX && !isFinal(said)) {
    if (tries > 0) sleep(BETWEEN_TRIES_S);
    said = ask(path, body, key);
    tries += 1;
  }
  triesOfAnOrder.add(tries);
  if (!check(said, { 'every order gets its final answer': isFinal }))
    console.log(`${path} ${key}: ${said.status} ${said.code}`);
}
