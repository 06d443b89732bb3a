import { at, lower, raise } from './cells.ts';
import { hashId, hashLink } from './id-hash.ts';
import { createLinks, type LinkTable } from './link-table.ts';
import { P, PROFILE_CELLS } from './profile-layout.ts';
import type { RecentAttempts, RecentDeclines } from './recent-attempts.ts';

export interface Profile {
  /** See profile-layout.ts. A view into a slab that many profiles share. */
  readonly row: Float64Array;
  attempts: RecentAttempts;
  declines: RecentDeclines;
  /** The mark of the last copy that has this profile, or keeps it as it was. */
  copiedBy: Copying['mark'] | undefined;
}

/**
 * A copy that is taken step by step while events go on. It is told of what changes before that
 * does, and keeps it as it was at the beginning.
 */
export interface Copying {
  /** What profiles remember of it when it is over: not the copy, which holds whole tables. */
  readonly mark: symbol;
  keepProfile(profile: Profile): void;
}

/** What identity tells about a person or a business, for all their wallets. */
export interface Owner {
  /** 0 to 2. */
  kycLevel: number;
  /** ms, 0 = never. */
  credentialsAt: number;
}

/** Everything that features depend on, besides the transaction at hand. */
export interface Profiles {
  readonly wallets: Map<string, Profile>;
  /** By the hash of the owner's id. */
  readonly owners: Map<number, Owner>;
  readonly links: LinkTable;
  /** The days (event time) up to which stale attempts and declines were cleared. */
  readonly sweptDays: { attempts: number; declines: number };
  readonly slab: Slab;
  /** The copy that is under way, if one is. */
  copying: Copying | undefined;
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
  owners: new Map(),
  links: createLinks(),
  sweptDays: { attempts: 0, declines: 0 },
  slab: { chunk: new Float64Array(0), used: 0, free: [] },
  copying: undefined,
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

/** Puts a wallet's row among the profiles. A copy that is under way began without it. */
export function addProfile(state: Profiles, walletId: string, row: Float64Array): Profile {
  const profile: Profile = { row, attempts: [], declines: [], copiedBy: state.copying?.mark };
  state.wallets.set(walletId, profile);
  return profile;
}

/**
 * The wallet's profile, to be changed. One whose opening nobody told counts as opened at its first
 * event.
 */
export function openProfile(state: Profiles, walletId: string, now: number): Profile {
  let profile = state.wallets.get(walletId);
  if (profile) {
    state.copying?.keepProfile(profile);
  } else {
    profile = addProfile(state, walletId, takeRow(state.slab));
    profile.row[P.hash] = hashId(walletId);
    profile.row[P.openedAt] = now;
  }
  lower(profile.row, P.openedAt, now);
  raise(profile.row, P.seenAt, now);
  return profile;
}

const UNKNOWN_OWNER: Readonly<Owner> = { kycLevel: 1, credentialsAt: 0 };

/** What is known about a wallet's owner: the usual, as long as nothing was told. */
export const ownerOf = ({ owners }: Profiles, row: Float64Array): Readonly<Owner> =>
  owners.get(at(row, P.owner)) ?? UNKNOWN_OWNER;

/** The owner's record, to be changed. */
export function openOwner({ owners }: Profiles, ownerId: string): Owner {
  const hash = hashId(ownerId);
  let owner = owners.get(hash);
  if (!owner) {
    owner = { ...UNKNOWN_OWNER };
    owners.set(hash, owner);
  }
  return owner;
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
