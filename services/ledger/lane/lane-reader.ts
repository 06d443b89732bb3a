import { laneFilter, STREAMS } from '@florin/contracts';
import { readPartition, type Bus, type Disorder, type Incoming } from '@florin/messaging';

/** What the server said about the rest of a lane holds for so long. */
const STALE_MS = 5000;

export interface LaneReader {
  /** Reads no further, or goes on. */
  pause(shall: boolean): void;
  /** Messages of the lane are stored that we haven't read. */
  isBehind(): boolean;
  stop(): Promise<void>;
}

/** Reads the messages of a partition that are ready to be decided, and knows if there are more. */
export function readReady(
  bus: Bus,
  options: {
    partition: number;
    startAfter: number;
    createdAt: string;
    onMessage(incoming: Incoming): void;
    onDisorder(disorder: Disorder): void;
  },
): LaneReader {
  let isCaughtUp = false;
  let isPaused = false;
  /** Stored behind what was read last, as the server knew when it sent that. */
  let pending = 0;
  let readAtMs = 0;
  const reader = readPartition(bus, {
    stream: STREAMS.transactions,
    filterSubject: laneFilter('ready', options.partition),
    startAfter: options.startAfter,
    createdAt: options.createdAt,
    onMessage(incoming) {
      pending = incoming.pending;
      readAtMs = performance.now();
      options.onMessage(incoming);
    },
    onCaughtUp() {
      isCaughtUp = true;
    },
    onDisorder: options.onDisorder,
  });
  return {
    pause(shall) {
      if (shall === isPaused) return;
      isPaused = shall;
      if (shall) reader.pause();
      else reader.resume();
    },
    isBehind: () =>
      !isCaughtUp || isPaused || (pending > 0 && performance.now() - readAtMs < STALE_MS),
    stop: () => reader.stop(),
  };
}
