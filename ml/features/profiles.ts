import { hashId, hashLink } from './id-hash.ts';
import { createLinks, type LinkTable } from './link-table.ts';
import { P, PROFILE_CELLS } from './profile-layout.ts';
import type { RecentAttempts } from './recent-attempts.ts';

export interface Profile {
  /** See profile-layout.ts. A view into a slab that many profiles share. */
  readonly row: Float64Array;
  recent: RecentAttempts;
}

/** Everything that features depend on, besides the transaction at hand. */
export interface Profiles {
  readonly wallets: Map<string, Profile>;
  links: LinkTable;
  /** The day (event time) up to which stale parts were cleared. */
  sweptDay: number;
  readonly slab: Slab;
}

/** Rows are cut from large arrays: one buffer a row would cost more than the collector likes. */
interface Slab {
  chunk: Float64Array;
  used: number;
  /** Rows of parked profiles, cleared. */
  readonly free: Float64Array[];
}

const ROWS_PER_CHUNK = 512;

export const createProfiles = (): Profiles => ({
  wallets: new Map(),
  links: createLinks(),
  sweptDay: 0,
  slab: { chunk: new Float64Array(0), used: 0, free: [] },
});

export function takeRow(slab: Slab): Float64Array {
  const free = slab.free.pop();
  if (free) return free;
  if (slab.used === slab.chunk.length) {
    slab.chunk = new Float64Array(ROWS_PER_CHUNK * PROFILE_CELLS);
    slab.used = 0;
  }
  slab.used += PROFILE_CELLS;
  return slab.chunk.subarray(slab.used - PROFILE_CELLS, slab.used);
}

/** The wallet's profile. One that was never heard of counts as opened at `now`. */
export function openProfile(state: Profiles, walletId: string, now: number): Profile {
  const known = state.wallets.get(walletId);
  if (known) return known;
  const profile: Profile = { row: takeRow(state.slab), recent: [] };
  profile.row[P.hash] = hashId(walletId);
  profile.row[P.openedAt] = now;
  profile.row[P.kycLevel] = 1;
  profile.row[P.seenAt] = now;
  state.wallets.set(walletId, profile);
  return profile;
}

/**
 * Kinds of things that wallets have links to. The kind is part of what is hashed, so that a device
 * that calls itself like an address is another thing.
 */
export const hashOfThing = (kind: 'bank' | 'device' | 'address' | 'country', id: string): number =>
  hashId(`${kind}:${id}`);

/** The key of the link from a profile to whom it pays: a wallet, or an account at a bank. */
export function payeeKey(
  profile: Profile,
  payee: Profile | undefined,
  { counterpartyWalletId, bankAccount }: Payee,
): number {
  const hash = profile.row[P.hash] as number;
  if (payee) return hashLink(hash, payee.row[P.hash] as number);
  if (counterpartyWalletId !== undefined) return hashLink(hash, hashId(counterpartyWalletId));
  return hashLink(hash, hashOfThing('bank', bankAccount ?? ''));
}

export interface Payee {
  counterpartyWalletId?: string | undefined;
  bankAccount?: string | undefined;
}
