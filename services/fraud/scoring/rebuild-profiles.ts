import { createHash } from 'node:crypto';
import { ok, present, refuse, type Result } from '@florin/kernel';
import { streamState, type Bus, type Incoming, type PartitionReader } from '@florin/messaging';
import {
  addProfile,
  takeSnapshot,
  unpark,
  type ParkedProfile,
  type Profiles,
} from '@florin/ml/features';
import type { FoldedEvent } from '@florin/ml/features';
import type { Logger } from '@florin/runtime';
import { readStreamRange, type StreamRange } from '../adapters/read-range.ts';
import { foldedFilter, type StreamPosition } from '../adapters/fold-streams.ts';
import type { SnapshotStore } from '../adapters/snapshot-store.ts';
import { copyProfiles, restoreProfiles } from '../domain/profile-copy.ts';
import type { InitiatedMessage } from '../domain/initiated-message.ts';
import type { Judge } from './judge.ts';
import { openProfiles } from './profile-keeper.ts';
import { createScoringLoop, type Source } from './scoring-loop.ts';

/** Profiles as they are, and as the events make them anew. */
export interface RebuiltProfiles {
  /** What the rebuilding began with. */
  from: 'nothing' | 'snapshot';
  messages: number;
  profiles: number;
  /** SHA-256 of all profiles in their own order. */
  live: string;
  rebuilt: string;
}

export interface RebuildDeps {
  bus: Bus;
  store: SnapshotStore;
  profiles: Profiles;
  /** Runs when everything that was read before is folded, and nothing after. */
  afterwards(work: () => void): void;
  positions(): readonly StreamPosition[];
  /** A stream was lost or went back since the start: profiles know what it told before. */
  knowMore(): boolean;
  decodeInitiated(message: Incoming): InitiatedMessage;
  /** Without a trace: nothing is put aside, and no label is written. */
  decodeFacts(source: Source, message: Incoming): FoldedEvent[];
  log: Logger;
}

/** Nothing is asked of it: no lane is ours here. */
const NO_JUDGE: Judge = {
  judge: () => [],
  assess: () => [],
  [Symbol.dispose]: () => undefined,
};

/** A store that is empty: who starts from it folds everything. */
const EMPTY: Pick<SnapshotStore, 'newest' | 'isAnyParked'> = {
  newest: async () => undefined,
  isAnyParked: async () => false,
};

const digestOf = (profiles: Profiles): string =>
  createHash('sha256').update(takeSnapshot(profiles)).digest('hex');

/**
 * Folds the streams once more, beside the work of every day and by the same code as a start does,
 * up to where the live profiles are at this moment, and compares the two bit for bit. Streams that
 * have forgotten their beginning are folded from the newest snapshot on.
 * @returns a refusal when a stream is not the one that was folded, or has forgotten too much
 */
export async function rebuildProfiles(deps: RebuildDeps): Promise<Result<RebuiltProfiles, string>> {
  const { bus, store, log } = deps;
  if (deps.knowMore()) return refuse('profiles know what a stream that was lost has told');
  const live = await capture(deps);
  const isWhole = await haveAll(bus, live.positions, []);
  if (isWhole === undefined) return refuse('a stream is not the one that was folded');
  const from = isWhole ? 'nothing' : 'snapshot';
  const readers = new Set<PartitionReader>();
  let messages = 0;
  const keeper = await openProfiles({
    store: isWhole ? { ...store, ...EMPTY } : store,
    isWriter: () => false,
    between: (work) => work(),
    positions: () => [],
    settled: async () => undefined,
    parkAfterMs: Infinity,
    onSnapshot: () => undefined,
    log,
  });
  if (!isWhole && !(await haveAll(bus, live.positions, keeper.positions))) {
    return refuse('the streams have forgotten what came since the newest snapshot');
  }
  const loop = createScoringLoop({
    profiles: keeper.profiles,
    bring: keeper.bring,
    decodeInitiated: deps.decodeInitiated,
    decodeFacts: deps.decodeFacts,
    judge: NO_JUDGE,
    variant: () => 'off',
    onFull(full) {
      for (const reader of readers) {
        if (full) reader.pause();
        else reader.resume();
      }
    },
    onScored: () => undefined,
  });
  try {
    await Promise.all(
      rangesOf(live.positions, keeper.positions).map((range) =>
        readStreamRange(bus, range, (message, reader) => {
          messages += 1;
          readers.add(reader);
          loop.take({ ...range, sequence: message.sequence }, message);
        }),
      ),
    );
    await new Promise<void>((resolve) => loop.afterwards(resolve));
  } finally {
    loop.stop();
  }
  const asLive = present(live.profiles, 'a copy of the profiles');
  await alignParked(store, asLive, keeper.profiles);
  const profiles = asLive.wallets.size;
  const rebuilt = digestOf(keeper.profiles);
  return ok({ from, messages, profiles, live: digestOf(asLive), rebuilt });
}

/** A copy of the profiles, and what they are made of. */
async function capture({ profiles, afterwards, positions }: RebuildDeps) {
  const { promise, resolve } = Promise.withResolvers<{
    bytes: Uint8Array;
    positions: StreamPosition[];
  }>();
  afterwards(() => {
    resolve({ bytes: copyProfiles(profiles), positions: positions().map((one) => ({ ...one })) });
  });
  const { bytes, positions: folded } = await promise;
  const restored = restoreProfiles(bytes);
  return { profiles: restored.ok ? restored.value : undefined, positions: folded };
}

/**
 * Whether the streams still have everything after some positions, or from their beginning;
 * undefined when one is not the stream that was folded.
 */
async function haveAll(
  bus: Bus,
  folded: readonly StreamPosition[],
  after: readonly StreamPosition[],
): Promise<boolean | undefined> {
  let all = true;
  for (const { stream, createdAt } of folded) {
    const state = await streamState(bus, stream);
    if (state.createdAt !== createdAt) return undefined;
    all &&= state.firstSequence <= sequenceIn(after, stream) + 1;
  }
  return all;
}

const sequenceIn = (positions: readonly StreamPosition[], stream: string): number =>
  positions.find((one) => one.stream === stream)?.sequence ?? 0;

function rangesOf(
  upTo: readonly StreamPosition[],
  after: readonly StreamPosition[],
): StreamRange[] {
  return upTo.flatMap(({ stream, createdAt, sequence }) => {
    const begin = sequenceIn(after, stream);
    if (sequence <= begin) return [];
    const { signal } = new AbortController();
    const filterSubject = foldedFilter(stream);
    return [{ stream, filterSubject, createdAt, after: begin, upTo: sequence, signal }];
  });
}

/**
 * A profile that only one side has in memory was parked there. What lies in the store is taken for
 * that side; the other one forgets what parking forgets.
 */
async function alignParked(store: SnapshotStore, live: Profiles, rebuilt: Profiles): Promise<void> {
  const parked = [...rebuilt.wallets.keys()].filter((id) => !live.wallets.has(id));
  const stored = new Map<string, ParkedProfile>();
  for (const profile of await store.find(parked)) stored.set(profile.walletId, profile);
  for (const id of parked) {
    const profile = stored.get(id);
    if (profile === undefined) continue;
    unpark(live, profile);
    const row = present(rebuilt.wallets.get(id), 'a profile').row;
    addProfile(rebuilt, id, row);
  }
}
