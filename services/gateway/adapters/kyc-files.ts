import { randomBytes, randomUUID } from 'node:crypto';
import type { ObjectStore } from '@florin/messaging';
import { seal, SEALING_KEY_BYTES, unseal } from '@florin/runtime';

/** Where a sealed file lies, and the only key that opens it. */
export interface SealedFile {
  objectName: string;
  fileKey: string;
}

/** Files in the object store, each sealed under a key of its own that is nowhere near it. */
export interface KycFiles {
  put(content: Uint8Array): Promise<SealedFile>;
  /** Null when it is not there any more. @throws when it was changed */
  open(file: SealedFile): Promise<Buffer | null>;
  remove(objectName: string): Promise<void>;
}

/** A file is sealed under its name: put in the place of another one it does not open. */
export function createKycFiles(store: ObjectStore): KycFiles {
  return {
    async put(content) {
      const objectName = randomUUID();
      const key = randomBytes(SEALING_KEY_BYTES);
      await store.put(objectName, seal(key, objectName, Buffer.from(content)));
      return { objectName, fileKey: key.toString('base64url') };
    },
    async open({ objectName, fileKey }) {
      const stored = await store.get(objectName);
      if (stored === null) return null;
      return unseal(Buffer.from(fileKey, 'base64url'), objectName, Buffer.from(stored));
    },
    remove: (objectName) => store.remove(objectName),
  };
}
