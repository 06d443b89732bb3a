import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { ok, refuse } from '@florin/kernel';
import type { Result } from '@florin/kernel';
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

/** A value, and the revision that must still be the last one when it is replaced. */
export interface StoredValue {
  value: string;
  revision: number;
}

/**
 * Undefined where there is no such key.
 * @throws when the bucket does not exist or the server is away
 */
export async function readValue(
  bus: Bus,
  bucket: string,
  key: string,
): Promise<StoredValue | undefined> {
  const store = await new Kvm(bus.js).open(bucket);
  const entry = await store.get(key);
  if (entry?.operation !== 'PUT') return undefined;
  return { value: entry.string(), revision: entry.revision };
}

/**
 * Writes only where nobody else has written since the value was read. Answers the new revision.
 * @param read what readValue answered
 * @throws when the bucket does not exist or the server is away
 */
export async function replaceValue(
  bus: Bus,
  bucket: string,
  key: string,
  value: string,
  read: StoredValue | undefined,
): Promise<Result<number, 'changed-meanwhile'>> {
  const store = await new Kvm(bus.js).open(bucket);
  try {
    const writing =
      read === undefined ? store.create(key, value) : store.update(key, value, read.revision);
    return ok(await writing);
  } catch (error) {
    const late =
      error instanceof JetStreamApiError &&
      error.code === JetStreamApiCodes.StreamWrongLastSequence;
    if (late) return refuse('changed-meanwhile');
    throw error;
  }
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
