import { setTimeout as delay } from 'node:timers/promises';
import { assert, faultText, TerminalError } from '@florin/kernel';
import {
  createProfiles,
  parkIdle,
  unpark,
  type ParkedProfile,
  type Profiles,
} from '@florin/ml/features';
import { beginCopy, restoreProfiles, type ProfileCopy } from '../domain/profile-copy.ts';
import { isTransient } from '@florin/postgres';
import { retry, type Logger } from '@florin/runtime';
import type { StreamPosition } from '../adapters/fold-streams.ts';
import type { SnapshotStore, StoredProfile } from '../adapters/snapshot-store.ts';

/** A snapshot keeps the loop from its work: at most for such a part of the time. */
const COPYING_SHARE_MAX = 0.005;

export interface ProfileKeeper {
  readonly profiles: Profiles;
  /** What the profiles of the start were made of. */
  readonly positions: readonly StreamPosition[];
  /**
   * Brings profiles back that are parked. Undefined when all that may be needed is in memory, which
   * is nearly always.
   */
  bring(walletIds: Iterable<string>): Promise<void> | undefined;
  /** Takes a snapshot now. Answers its generation. */
  save(): Promise<bigint>;
  /** Takes one now and then, or follows those that others take. */
  start(everyMs: number): void;
  stop(): Promise<void>;
}

export interface ProfileKeeperDeps {
  store: SnapshotStore;
  /** One process takes the snapshots. */
  isWriter(): boolean;
  /** Runs `work` when everything that was read before is folded, and nothing after. */
  between(work: () => void): void;
  positions(): readonly StreamPosition[];
  /** Resolves when what events have led to is stored as well: they may not come again. */
  settled(): Promise<void>;
  parkAfterMs: number;
  /** What the snapshot kept the loop from its work for at one time, and its size. */
  onSnapshot(pauseSeconds: number, bytes: number): void;
  log: Logger;
}

/**
 * The profiles in memory: restored from the newest snapshot, stored now and then, and without those
 * of wallets that have been idle for long.
 */
export async function openProfiles(deps: ProfileKeeperDeps): Promise<ProfileKeeper> {
  const { store, log } = deps;
  const newest = await store.newest();
  const restored = newest && restoreProfiles(newest.bytes);
  const usable = restored?.ok === true ? newest : undefined;
  const profiles = restored?.ok === true ? restored.value : createProfiles();
  let generation = usable?.generation ?? 0n;
  let anyParked = usable !== undefined && (await store.isAnyParked());
  /** Taken out of memory, and not yet certainly stored. */
  const leaving = new Map<string, ParkedProfile>();
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  /** What the last snapshot kept the loop from its work for. */
  let copyingMs = 0;

  function bring(walletIds: Iterable<string>): Promise<void> | undefined {
    if (!anyParked && leaving.size === 0) return undefined;
    const missing: string[] = [];
    for (const id of new Set(walletIds)) {
      if (profiles.wallets.has(id)) continue;
      const profile = leaving.get(id);
      if (profile) unpark(profiles, profile);
      else if (anyParked) missing.push(id);
    }
    return missing.length === 0 ? undefined : fetchParked(missing);
  }

  async function fetchParked(missing: readonly string[]): Promise<void> {
    const found = await retry(() => store.find(missing), {
      attempts: Infinity,
      baseMs: 20,
      capMs: 1_000,
      isRetryable: isTransient,
    });
    for (const profile of found) {
      // Parked by a process that has seen more than we have: our past would be told it again.
      if (profile.generation > generation) {
        throw new TerminalError('a parked profile is ahead of us: start from its snapshot');
      }
      unpark(profiles, profile);
    }
  }

  /** What `work` makes of the profiles at one moment between two messages. */
  function between<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    deps.between(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  /** What is to be stored as it is now. */
  function capture() {
    const startedMs = performance.now();
    const clock = Math.max(...Object.values(profiles.links.clocks));
    const parked = parkIdle(profiles, clock - deps.parkAfterMs);
    for (const profile of parked) leaving.set(profile.walletId, profile);
    const positions = deps.positions().map((position) => ({ ...position }));
    const copy = beginCopy(profiles);
    const pauses = [performance.now() - startedMs];
    return {
      copy: timed(copy, pauses),
      positions,
      parked,
      profiles: profiles.wallets.size,
      pauses,
    };
  }

  async function save(): Promise<bigint> {
    assert(leaving.size === 0, 'two snapshots at once');
    const { copy, pauses, ...captured } = await between(capture);
    try {
      const packed = await store.pack(copy);
      await deps.settled();
      generation = await store.save({ ...captured, packed });
      anyParked ||= captured.parked.length > 0;
      deps.onSnapshot(Math.max(...pauses) / 1000, packed.length);
    } catch (error) {
      for (const profile of leaving.values()) {
        if (!profiles.wallets.has(profile.walletId)) unpark(profiles, profile);
      }
      throw error;
    } finally {
      copy[Symbol.dispose]();
      leaving.clear();
      copyingMs = pauses.reduce((sum, ms) => sum + ms, 0);
    }
    return generation;
  }

  /** Gives back what the writer has parked, where nothing happened to it since. */
  async function follow(): Promise<void> {
    const upTo = await store.newestGeneration();
    if (upTo <= generation) return;
    for await (const page of store.parkedSince(generation, upTo)) {
      await between(() => {
        for (const profile of page) letGo(profile);
      });
    }
    generation = upTo;
  }

  function letGo({ walletId, cells }: StoredProfile): void {
    anyParked = true;
    const row = profiles.wallets.get(walletId)?.row;
    if (row === undefined || !row.every((cell, at) => cell === cells[at])) return;
    profiles.wallets.delete(walletId);
    profiles.slab.free.push(row.fill(0));
  }

  async function run(everyMs: number): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const waitMs = Math.max(everyMs, copyingMs / COPYING_SHARE_MAX);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (deps.isWriter()) await save();
        else await follow();
      } catch (error) {
        log.warn({ problem: faultText(error) }, 'profiles are stored later');
      }
    }
  }

  return {
    profiles,
    positions: usable?.positions ?? [],
    bring,
    save,
    start(everyMs) {
      running = run(everyMs);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** The same copy, with the times it takes. */
function timed(copy: ProfileCopy, pauses: number[]): ProfileCopy {
  const note = <T>(work: () => T): T => {
    const startedMs = performance.now();
    const made = work();
    pauses.push(performance.now() - startedMs);
    return made;
  };
  return {
    ...copy,
    *parts() {
      const parts = copy.parts();
      for (let next = note(() => parts.next()); !next.done; next = note(() => parts.next())) {
        yield next.value;
      }
    },
    head: () => note(copy.head),
  };
}
