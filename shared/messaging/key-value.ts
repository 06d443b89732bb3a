import { Kvm } from '@nats-io/kv';
import type { Bus } from './connect.ts';
import type { Incoming } from './incoming.ts';
import { readPartition } from './reader.ts';
import type { PartitionReader } from './reader.ts';
import { bucketStream } from './topology.ts';

/** Set by clients on the marker that stands for a removed key. */
const OPERATION_HEADER = 'KV-Operation';

export interface BucketWatch {
  /** The last known value of each key, also while the server is away. */
  values(): ReadonlyMap<string, string>;
  /** Resolves when everything that was in the bucket at the start has been seen. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws when the bucket does not exist or the server is away */
export async function putValue(bus: Bus, bucket: string, key: string, value: string) {
  const store = await new Kvm(bus.js).open(bucket);
  await store.put(key, value);
}

/** @throws when the bucket does not exist or the server is away */
export async function removeValue(bus: Bus, bucket: string, key: string) {
  const store = await new Kvm(bus.js).open(bucket);
  await store.delete(key);
}

/**
 * Follows a bucket: every value once, then every change. What was known stays known while the
 * server is away, and also when the bucket is made anew.
 * @param onChange value is undefined when the key was removed
 */
export function watchBucket(
  bus: Bus,
  bucket: string,
  onChange: (key: string, value: string | undefined) => void = () => undefined,
): BucketWatch {
  const values = new Map<string, string>();
  const prefix = `$KV.${bucket}.`;
  const ready = Promise.withResolvers<void>();
  let reader: PartitionReader;

  function onMessage(message: Incoming): void {
    const key = message.subject.slice(prefix.length);
    const removed = message.header(OPERATION_HEADER) !== undefined;
    const value = removed ? undefined : Buffer.from(message.body).toString();
    if (value === undefined) values.delete(key);
    else values.set(key, value);
    onChange(key, value);
  }

  function read(): void {
    reader = readPartition(bus, {
      stream: bucketStream(bucket),
      filterSubject: `${prefix}>`,
      startAfter: 0,
      onMessage,
      onCaughtUp: ready.resolve,
      // A bucket has no position to protect: its values are simply read again.
      onDisorder: read,
    });
  }

  read();
  const stop = (): Promise<void> => reader.stop();
  return { values: () => values, ready: ready.promise, stop, [Symbol.asyncDispose]: stop };
}
