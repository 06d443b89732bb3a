import { setTimeout as delay } from 'node:timers/promises';
import { present } from '@florin/kernel';
import { connect } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { addOffered, emptyOffered, offerOrders, type Offered } from '../bench/offer-orders.ts';
import { seedWallets } from '../bench/seed-books.ts';
import { brokenBooks } from '../bench/verify-books.ts';
import type { ScratchPlatform } from '../platform/scratch-platform.ts';

const WALLETS = 2000;
/** Orders of one go; the next one does not wait until all of them are answered. */
const GO_MS = 5000;
const ANSWERED_WITHIN_MS = 60_000;

async function seed(postgresUrl: string): Promise<string[]> {
  const url = new URL(postgresUrl);
  url.pathname = '/florin_ledger';
  const pool = createHotPool({ url: url.href, applicationName: 'rehearsal' });
  const wallets = await seedWallets(pool, WALLETS);
  await pool.end();
  return wallets;
}

function summary({ latencies, degraded, withheld, unsent, unanswered }: Offered): string {
  const lost = withheld + unsent + unanswered;
  return `${latencies.length} orders decided, ${degraded} of them without a score; ${lost} not`;
}

/** Orders from one second to the next until it is stopped, straight into the lanes. */
export async function offerSteadily(
  platform: ScratchPlatform,
  rate: number,
): Promise<{ stop(): Promise<string> }> {
  const { natsUrl: url, postgresUrl } = platform.dev();
  const { natsSeeds, signingKeys } = platform.secrets();
  const wallets = await seed(postgresUrl);
  const log = createLogger('rehearsal', 'error');
  const nkeySeed = present(natsSeeds['gateway'], 'the key of the gateway');
  const bus = await connect({ url, name: 'gateway', nkeySeed, log });
  const [[kid, key]] = Object.entries(signingKeys['gateway'] ?? {}) as [[string, string]];
  const lanes = { bus, wallets, key: { kid, key } };
  const goes: Promise<Offered>[] = [];
  let isStopping = false;

  async function offer(): Promise<void> {
    while (!isStopping) {
      const untilMs = performance.now() + GO_MS + ANSWERED_WITHIN_MS;
      goes.push(offerOrders(lanes, { stage: 'initiated', rate, forMs: GO_MS, untilMs }));
      await delay(GO_MS);
    }
  }

  const offering = offer();
  return {
    async stop() {
      isStopping = true;
      await offering;
      const sum = emptyOffered();
      for (const offered of await Promise.all(goes)) addOffered(sum, offered);
      const breaks = await brokenBooks(bus);
      await bus.close();
      const books = breaks.length === 0 ? 'the books add up' : JSON.stringify(breaks);
      return `${summary(sum)}; ${books}`;
    },
  };
}
