import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { assert } from '@florin/kernel';

/**
 * AES-256-GCM. A sealed text is `version | nonce | ciphertext | tag`; its label is authenticated
 * with it, so that a value can't be moved to another place of the database unnoticed.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SEALING_KEY_BYTES = 32;

export function seal(key: Buffer, label: string, content: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
  const sealed = [cipher.update(content), cipher.final()];
  return Buffer.concat([Buffer.of(VERSION), nonce, ...sealed, cipher.getAuthTag()]);
}

/** @throws when it was changed, was sealed under another key, or belongs elsewhere */
export function unseal(key: Buffer, label: string, sealed: Buffer): Buffer {
  assert(sealed[0] === VERSION, `a sealed value of version ${sealed[0]}`);
  assert(sealed.length >= 1 + NONCE_BYTES + TAG_BYTES, 'a sealed value is too short');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([
    decipher.update(sealed.subarray(1 + NONCE_BYTES, tagAt)),
    decipher.final(),
  ]);
}
