import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

export type PasswordWeakness = 'too-short' | 'too-long' | 'breached' | 'guessable';

const LENGTH_MIN = 10;
const LENGTH_MAX = 200;
/** Looking for patterns takes quadratic time: what follows behind these adds strength unseen. */
const LOOKED_AT = 48;
/** Below: fewer than a million guesses, which a throttled attacker could make in time. */
const SCORE_MIN = 2;

/** The most common passwords of known breaches, bundled: nobody is asked about a password. */
const breached: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].map((word) => word.toLowerCase()),
);

const strength = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/**
 * What is wrong with a password, as NIST SP 800-63B wants it: length, known breaches, and how soon
 * it would be guessed by somebody who knows name and e-mail. No rules about kinds of characters.
 */
export function weaknessOf(
  password: string,
  personal: readonly string[],
): PasswordWeakness | undefined {
  if (password.length < LENGTH_MIN) return 'too-short';
  if (password.length > LENGTH_MAX) return 'too-long';
  if (breached.has(password.toLowerCase())) return 'breached';
  const parts = personal.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const known = parts.filter((part) => part.length > 2);
  const { score } = strength.check(password.slice(0, LOOKED_AT), known);
  return score < SCORE_MIN ? 'guessable' : undefined;
}
