import { laneFilter, STREAMS, type LaneStage } from '@florin/contracts';
import { readPartition, type Bus, type Incoming, type PartitionReader } from '@florin/messaging';

/** A part of a stream: after one sequence, up to another or to all that is stored now. */
export interface StreamRange {
  stream: string;
  filterSubject: string;
  after: number;
  upTo?: number;
  createdAt: string;
  /** Messages fetched ahead of their reading. */
  maxBuffered?: number;
  /** Ends the reading early. */
  signal: AbortSignal;
}

/** A part of a lane. */
export interface LaneRange extends Omit<StreamRange, 'stream' | 'filterSubject'> {
  stage: LaneStage;
  partition: number;
}

export const readRange = (
  bus: Bus,
  { stage, partition, ...range }: LaneRange,
  onMessage: (message: Incoming, reader: PartitionReader) => void,
): Promise<void> => {
  const filterSubject = laneFilter(stage, partition);
  return readStreamRange(bus, { ...range, stream: STREAMS.transactions, filterSubject }, onMessage);
};

/**
 * Reads a part of a stream in order, with a reader of its own. Resolves when all of it was handed
 * over, or the signal said so.
 * @throws Error when the stream is not the one that the range is of
 */
export async function readStreamRange(
  bus: Bus,
  { after, upTo = Infinity, signal, ...range }: StreamRange,
  onMessage: (message: Incoming, reader: PartitionReader) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    ...range,
    startAfter: after,
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
