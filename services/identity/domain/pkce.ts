import { hash, timingSafeEqual } from 'node:crypto';

/** RFC 7636 §4.1, §4.2. Only S256: the plain method protects nothing. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
export const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export const challengeOf = (verifier: string): string => hash('sha256', verifier, 'base64url');

export function provesPossession(verifier: string, challenge: string): boolean {
  if (!VERIFIER.test(verifier) || !CODE_CHALLENGE.test(challenge)) return false;
  return timingSafeEqual(Buffer.from(challengeOf(verifier)), Buffer.from(challenge));
}
