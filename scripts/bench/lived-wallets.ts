import { uuidv7 } from '@florin/kernel';
import { pseudonymOf, tellHistory, type Life } from '../journeys/lived-history.ts';
import type { ScratchPlatform } from '../platform/scratch-platform.ts';
import type { OfferedPayment } from './offer-orders.ts';

const HISTORY_DAYS = 6;
/** Everybody pays the same few, about the same. */
const PEERS = 3;
const AT_ONCE = 2_000;
const HOME = { country: 'DE', latitude: 52.52, longitude: 13.4 };

const pick = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(Math.random() * items.length)] as Item;

/**
 * Lets wallets have lived for some days: each has paid its few peers from one device. Answers who
 * goes on so, one ordinary payment a call.
 * @param platform that scores and does not decide yet
 */
export async function letWalletsLive(
  platform: Pick<ScratchPlatform, 'secrets' | 'dev'>,
  wallets: readonly string[],
): Promise<() => OfferedPayment> {
  const lives = wallets.map((wallet, at): Life => {
    const payments = Array.from({ length: PEERS }, (_, peer) => ({
      to: wallets[(at + peer + 1) % wallets.length] as string,
      cents: 800 + ((at * 37 + peer * 911) % 4_000),
    }));
    return { wallet, ownerId: uuidv7(), device: wallet, ...HOME, days: HISTORY_DAYS, payments };
  });
  for (let start = 0; start < lives.length; start += AT_ONCE) {
    await tellHistory(platform, lives.slice(start, start + AT_ONCE));
  }
  const { contextKey } = platform.secrets();
  return () => {
    const { wallet, device, payments } = pick(lives);
    const { to, cents } = pick(payments);
    const context = { deviceId: pseudonymOf(device, contextKey), ...HOME };
    return { walletId: wallet, counterpartyWalletId: to, amount: cents, context };
  };
}
