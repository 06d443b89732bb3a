import { assert } from '@florin/kernel';
import { at } from './cells.ts';
import { P } from './profile-layout.ts';
import { addProfile, takeRow, type Profiles } from './profiles.ts';

/** A profile outside the memory of the scorer: what a store keeps under the wallet's id. */
export interface ParkedProfile {
  walletId: string;
  cells: Float64Array;
}

/**
 * Takes the profiles that nothing happened to since `idleSince` out of memory. The caller stores
 * them, and unparks one before it applies an event of that wallet or scores a transaction with it;
 * features are then the same as if it had never been parked. Recent attempts are an hour old at
 * most, so that a profile idle for longer has none that count.
 */
export function parkIdle(state: Profiles, idleSince: number): ParkedProfile[] {
  assert(state.copying === undefined, 'nothing leaves while a copy goes through the profiles');
  const parked: ParkedProfile[] = [];
  for (const [walletId, { row }] of state.wallets) {
    if (at(row, P.seenAt) >= idleSince) continue;
    parked.push({ walletId, cells: row.slice() });
    state.wallets.delete(walletId);
    state.slab.free.push(row.fill(0));
  }
  return parked;
}

export function unpark(state: Profiles, { walletId, cells }: ParkedProfile): void {
  const row = takeRow(state.slab);
  row.set(cells);
  addProfile(state, walletId, row);
}
