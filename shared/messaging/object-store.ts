import { Objm } from '@nats-io/obj';
import type { ObjectStore as NatsStore } from '@nats-io/obj';
import type { Bus } from './connect.ts';

/**
 * Files by name: what NATS keeps here, an S3-compatible store may keep elsewhere. Whoever puts
 * something personal in seals it first; the store itself promises no secrecy.
 */
export interface ObjectStore {
  put(name: string, content: Uint8Array): Promise<void>;
  /** Null when there is no such file. */
  get(name: string): Promise<Uint8Array | null>;
  /** Also when there is none. */
  remove(name: string): Promise<void>;
}

/** What a large file is cut into: below any server's limit of a message. */
const CHUNK_BYTES = 128 * 1024;

/** A store of this installation, see the topology. It is opened when it is first needed. */
export function openObjectStore(bus: Bus, store: string): ObjectStore {
  let opening: Promise<NatsStore> | undefined;
  const opened = (): Promise<NatsStore> =>
    (opening ??= new Objm(bus.js).open(store).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return {
    async put(name, content) {
      const options = { max_chunk_size: CHUNK_BYTES };
      await (await opened()).putBlob({ name, options }, content);
    },
    get: async (name) => (await opened()).getBlob(name),
    async remove(name) {
      const files = await opened();
      if ((await files.info(name)) !== null) await files.delete(name);
    },
  };
}
