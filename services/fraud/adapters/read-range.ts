import { laneFilter, STREAMS, type LaneStage } from '@florin/contracts';
import { readPartition, type Bus, type Incoming, type PartitionReader } from '@florin/messaging';

/** A part of a lane: after one sequence, up to another or to all that is stored now. */
export interface LaneRange {
  stage: LaneStage;
  partition: number;
  after: number;
  upTo?: number;
  createdAt: string;
  /** Ends the reading early. */
  signal: AbortSignal;
}

/**
 * Reads a part of a lane in order, with a reader of its own. Resolves when all of it was handed
 * over, or the signal said so.
 * @throws Error when the stream is not the one that the range is of
 */
export async function readRange(
  bus: Bus,
  { stage, partition, after, upTo = Infinity, createdAt, signal }: LaneRange,
  onMessage: (message: Incoming, reader: PartitionReader) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    stream: STREAMS.transactions,
    filterSubject: laneFilter(stage, partition),
    startAfter: after,
    createdAt,
    onMessage(message) {
      if (signal.aborted) return resolve();
      if (message.sequence <= upTo) onMessage(message, reader);
      if (message.sequence >= upTo) resolve();
    },
    onCaughtUp: resolve,
    onDisorder: ({ reason, detail }) => reject(new Error(`${reason}: ${detail}`)),
  });
  const end = (): void => resolve();
  signal.addEventListener('abort', end, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', end);
    await reader.stop();
  }
}
