import { STREAMS } from '@florin/contracts';
import { present } from '@florin/kernel';
import { readPartition, streamState, type Bus, type Incoming } from '@florin/messaging';
import type { PartitionReader } from '@florin/messaging';
import { retry, type Logger } from '@florin/runtime';
import { FACT_STREAMS } from '../domain/decode-facts.ts';
import type { Source } from '../scoring/scoring-loop.ts';

/** Where a reader of a stream had come to, as a snapshot tells it. */
export type StreamPosition = Readonly<Source>;

export interface FoldedStreams {
  /** Resolves when all of them are being read. */
  start(): Promise<void>;
  /** Each stream as it is folded now. */
  sources(): readonly Source[];
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface FoldStreamsDeps {
  bus: Bus;
  /** Positions of a snapshot; streams that it doesn't know are read from their beginning. */
  positions: readonly StreamPosition[];
  onMessage(source: Source, message: Incoming): void;
  /** Called once for each stream: all that was stored at the start has been handed over. */
  onCaughtUp(stream: string): void;
  /** A stream is not the one it was: it is read on, from where that is possible. */
  onDisorder(source: Source): void;
  log: Logger;
}

/** Fetched ahead of their turn. After a flood a message of events is half a megabyte. */
const BUFFERED_MAX = 128;

const FOLDED = [
  { stream: STREAMS.transactions, filterSubject: 'txn.initiated.*.*' },
  ...FACT_STREAMS.map(({ stream, filterSubject }) => ({ stream, filterSubject })),
];

/** The part of a stream that is folded. */
export const foldedFilter = (stream: string): string =>
  present(
    FOLDED.find((one) => one.stream === stream),
    'a folded stream',
  ).filterSubject;

export const FOLDED_STREAMS = FOLDED.map(({ stream }) => stream);

/**
 * Reads everything that profiles are made of, each stream in its own order. A stream that was
 * created anew is read from its beginning, one that went back from its end: what profiles have
 * learnt stays true.
 */
export function foldStreams(deps: FoldStreamsDeps): FoldedStreams {
  const { bus, log } = deps;
  const open = new Map<string, { source: Source; reader: PartitionReader }>();
  let paused = false;
  let stopped = false;

  async function follow(
    { stream, filterSubject }: (typeof FOLDED)[number],
    known: StreamPosition | undefined,
  ): Promise<void> {
    const { createdAt, lastSequence, firstSequence } = await streamState(bus, stream);
    const isSame = known !== undefined && known.createdAt === createdAt;
    const sequence = isSame ? Math.min(known.sequence, lastSequence) : 0;
    const source: Source = { stream, createdAt, sequence };
    if (known !== undefined && (!isSame || sequence < known.sequence)) {
      log.error({ stream, known, now: source }, 'a stream is not the one that was folded');
      deps.onDisorder(source);
    } else if (isSame && firstSequence > sequence + 1) {
      log.warn({ stream, firstSequence, sequence }, 'a part of a stream expired unread');
    }
    if (stopped) return;
    const reader = readPartition(bus, {
      stream,
      filterSubject,
      startAfter: sequence,
      createdAt,
      maxBuffered: BUFFERED_MAX,
      onMessage: (message) => deps.onMessage(source, message),
      onCaughtUp: () => deps.onCaughtUp(stream),
      onDisorder: () => void again({ stream, filterSubject }, source),
    });
    if (paused) reader.pause();
    open.set(stream, { source, reader });
  }

  async function again(one: (typeof FOLDED)[number], source: Source): Promise<void> {
    await retry(() => follow(one, { ...source, sequence: Infinity }), {
      attempts: Infinity,
      baseMs: 100,
      capMs: 2_000,
      isRetryable: () => !stopped,
    });
  }

  return {
    async start() {
      for (const one of FOLDED) {
        const known = deps.positions.find(({ stream }) => stream === one.stream);
        await follow(one, known);
      }
    },
    sources: () => [...open.values()].map(({ source }) => source),
    pause() {
      paused = true;
      for (const { reader } of open.values()) reader.pause();
    },
    resume() {
      paused = false;
      for (const { reader } of open.values()) reader.resume();
    },
    async stop() {
      stopped = true;
      await Promise.all([...open.values()].map(({ reader }) => reader.stop()));
    },
  };
}
