import { setTimeout as wait } from 'node:timers/promises';
import { uuidv7 } from '@florin/kernel';
import type { Stage } from './stage.ts';

const EVERY_MS = 100;
const DEPOSIT_EVERY = 10;

/** A few payments a second, whatever becomes of them: alerts compare them to what fails. */
export function startTraffic({ client, wallets }: Stage): { stop(): Promise<void> } {
  let isStopping = false;
  let count = 0;
  const underWay = new Set<Promise<unknown>>();

  function payOnce(): void {
    count += 1;
    const [from, to] = [wallets[count % wallets.length], wallets[(count + 1) % wallets.length]];
    const paid =
      count % DEPOSIT_EVERY === 0
        ? client.post('/v1/deposits', { walletId: to, amount: '100', bankAccount: 'ok' }, uuidv7())
        : client.post(
            '/v1/transfers',
            { fromWalletId: from, toWalletId: to, amount: '1' },
            uuidv7(),
          );
    const one = paid.catch(() => undefined).finally(() => underWay.delete(one));
    underWay.add(one);
  }

  async function pay(): Promise<void> {
    while (!isStopping) {
      payOnce();
      await wait(EVERY_MS);
    }
  }

  const paying = pay();
  return {
    async stop() {
      isStopping = true;
      await paying;
      await Promise.all(underWay);
    },
  };
}
