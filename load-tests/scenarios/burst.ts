// Ten times as many from one moment to the next, and back: nobody is lost on the way.
import { newKey, pay } from '../florin/client.ts';
import type { Population } from '../florin/population.ts';
import { optionsOf, pickPair, setupWith, taken } from '../florin/run.ts';
import { perSecond, settings } from '../florin/settings.ts';

export { teardown } from '../florin/run.ts';
export { handleSummary } from '../florin/summary.ts';
export const setup = setupWith({ wallets: settings.wallets, funding: 100_000 });

const third = `${Math.max(3, Math.round(settings.seconds / 3))}s`;

export const options = optionsOf(
  {
    executor: 'ramping-arrival-rate',
    startRate: perSecond(50),
    timeUnit: '1s',
    // All who will pay at the same moment: making them then would cost the first ones their turn.
    preAllocatedVUs: 400,
    maxVUs: 1000,
    stages: [
      { target: perSecond(50), duration: third },
      { target: perSecond(500), duration: '1s' },
      { target: perSecond(500), duration: third },
      { target: perSecond(50), duration: '1s' },
      { target: perSecond(50), duration: third },
    ],
  },
  { name: 'POST /v1/transfers', p99Ms: 1000 },
);

export default function ({ wallets }: Population): void {
  const [fromWalletId, toWalletId] = pickPair(wallets);
  taken(pay('/v1/transfers', { fromWalletId, toWalletId, amount: '1' }, newKey()));
}
