import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import type { ObjectStore } from '@florin/messaging';

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

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM as `nonce | ciphertext | tag`; its name is authenticated with it. */
export function createKycFiles(store: ObjectStore): KycFiles {
  return {
    async put(content) {
      const objectName = randomUUID();
      const key = randomBytes(KEY_BYTES);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(objectName));
      const sealed = [nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()];
      await store.put(objectName, Buffer.concat(sealed));
      return { objectName, fileKey: key.toString('base64url') };
    },
    async open({ objectName, fileKey }) {
      const stored = await store.get(objectName);
      if (stored === null) return null;
      const sealed = Buffer.from(stored);
      const key = Buffer.from(fileKey, 'base64url');
      const tagAt = sealed.length - TAG_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(objectName)).setAuthTag(sealed.subarray(tagAt));
      const content = decipher.update(sealed.subarray(NONCE_BYTES, tagAt));
      return Buffer.concat([content, decipher.final()]);
    },
    remove: (objectName) => store.remove(objectName),
  };
}
