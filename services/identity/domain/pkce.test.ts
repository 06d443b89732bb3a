import { expect, test } from 'vitest';
import { challengeOf, provesPossession } from './pkce.ts';

/** RFC 7636, appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

test('the challenge is what the RFC calculates', () => {
  expect(challengeOf(verifier)).toBe(challenge);
  expect(provesPossession(verifier, challenge)).toBe(true);
});

test.each([
  ['another verifier', `${verifier}x`, challenge],
  ['the challenge itself, as the plain method has it', challenge, challenge],
  ['a short verifier', 'abc', challengeOf('abc')],
  ['characters that are not allowed', `${verifier} `, challengeOf(`${verifier} `)],
  ['an empty challenge', verifier, ''],
])('hunts a stolen code that is exchanged without its verifier: %s', (_, shown, expected) => {
  expect(provesPossession(shown, expected)).toBe(false);
});
