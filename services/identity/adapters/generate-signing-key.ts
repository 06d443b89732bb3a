import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Vault } from '../domain/vault.ts';

export interface GeneratedKey {
  /** The thumbprint of RFC 7638: the same key always has the same name. */
  kid: string;
  publicJwk: JWK;
  privateSealed: Buffer;
}

export const signingKeyLabel = (kid: string): string => `signing-key:${kid}`;

/** Takes a private key apart: what everybody may know, and the rest sealed. */
export function sealSigningKey(vault: Vault, kid: string, jwk: JWK): GeneratedKey {
  const { d: _, ...publicPart } = jwk;
  const publicJwk = { ...publicPart, kid, alg: 'EdDSA', use: 'sig' };
  const privateSealed = vault.wrap(signingKeyLabel(kid), Buffer.from(JSON.stringify(jwk)));
  return { kid, publicJwk, privateSealed };
}

export const openSigningKey = (vault: Vault, kid: string, privateSealed: Buffer): JWK =>
  JSON.parse(vault.unwrap(signingKeyLabel(kid), privateSealed).toString()) as JWK;

/** A new Ed25519 key. */
export async function generateSigningKey(vault: Vault): Promise<GeneratedKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return sealSigningKey(vault, kid, { ...jwk, kid, alg: 'EdDSA', use: 'sig' });
}
