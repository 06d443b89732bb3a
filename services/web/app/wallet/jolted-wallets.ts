import { useSyncExternalStore } from 'react';

/** How often a wallet's balance had to be put back: each time its figure jolts. */
const jolts = new Map<string, number>();
const listeners = new Set<() => void>();

export function joltWallet(walletId: string): void {
  jolts.set(walletId, (jolts.get(walletId) ?? 0) + 1);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useJolts = (walletId: string): number =>
  useSyncExternalStore(subscribe, () => jolts.get(walletId) ?? 0);
