import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNats, startPostgres } from '@florin/testing';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { openClocks } from './clocks.ts';
import { rehearsalFolder, SERVICES, whilePeoplePay, type Crowd } from './rehearsal.ts';
import type { Rehearsed } from './rehearsal.ts';

/** Further than any key is remembered, any token lasts, any lease and any deadline of a payment. */
const JUMPS = ['+26h', '-26h'];
const WRONG_MS = 3_000;
const PAYMENTS_BETWEEN = 30;
/** So many of the payments before are asked for once more, with their keys. */
const ASKED_AGAIN = 40;
const ALL = 'all of them';
const whose = (service: string): string[] => (service === ALL ? SERVICES : [service]);

/** Whoever asks once more is told of the same transaction, whatever time it is. */
async function askAgain({ load }: Crowd): Promise<number> {
  const asked = load.acknowledged.slice(0, ASKED_AGAIN);
  const again = await Promise.all(asked.map((payment) => load.payer.settle(payment)));
  return again.filter(({ transactionId }, at) => transactionId !== asked[at]?.transactionId).length;
}

/** Clocks of one service after the other jump by more than a day, forward and back. */
export async function jumpClocks(say: (line: string) => void): Promise<Rehearsed | string> {
  await using stack = new AsyncDisposableStack();
  const dir = rehearsalFolder(stack);
  const clocks = openClocks(join(dir, 'clocks'), SERVICES);
  if (typeof clocks === 'string') return clocks;
  const nats = stack.use(await startNats({ dir: join(dir, 'nats') }));
  const postgres = stack.use(await startPostgres({ dataDir: join(dir, 'postgres') }));
  const platform = stack.use(
    await startScratchPlatform({
      natsUrl: nats.url,
      postgresUrl: postgres.url,
      fraudScoring: 'off',
      services: SERVICES,
      scale: { ledger: 2 },
      serviceEnv: clocks.environments,
    }),
  );
  return await whilePeoplePay('clocks jump', say, platform, async (crowd) => {
    const struckMs = performance.now();
    let otherAnswers = 0;
    const jumps = [...SERVICES, ALL].flatMap((service) => JUMPS.map((by) => ({ service, by })));
    for (const { service, by } of jumps) {
      clocks.set(whose(service), by);
      await sleep(WRONG_MS);
      const during = service === 'gateway' || service === ALL ? 0 : await askAgain(crowd);
      clocks.set(whose(service), '+0');
      await crowd.paid(PAYMENTS_BETWEEN);
      otherAnswers += during + (await askAgain(crowd));
      say(`${service} by ${by} and back`);
    }
    return { struckMs, facts: { jumps: jumps.length, otherAnswers } };
  });
}
