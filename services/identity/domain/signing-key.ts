import type { JWK } from 'jose';

export interface SigningKey {
  /** The thumbprint of RFC 7638: the same key always has the same name. */
  kid: string;
  /** With its private part. */
  jwk: JWK;
}
