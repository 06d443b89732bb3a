import type { PASSWORD_WEAKNESSES } from '@florin/contracts';
import { refusal, type Refusal } from './refusal.ts';
import { stepUpRequired } from './step-up.ts';

type Weakness = (typeof PASSWORD_WEAKNESSES)[number];

const WEAKNESS: Record<Weakness, string> = {
  'too-short': 'must have at least 10 characters',
  'too-long': 'must have at most 200 characters',
  breached: 'is known from a breach: choose another one',
  guessable: 'would be guessed soon: make it longer, or less like names, words and rows of keys',
};

const DETAILS = {
  'invalid-credentials': 'e-mail or password is wrong',
  'two-factor-required': 'this account asks for a second factor: send it as totp',
  unauthenticated: 'please sign in again',
  'token-reused': 'the refresh token was used before, so its session has been ended',
  'invalid-token': 'the link was used, replaced by a newer one, or is too old: ask for a new one',
  'invalid-code': 'the code is wrong, or was used already',
  'not-found': 'there is no such thing',
  'legal-hold': 'this account must be kept for now, by law',
  'limit-exceeded': 'there are as many as there may be: remove one first',
} as const;

/** What identity refuses, in the words of the API. */
export type IdentityRefusal =
  | { ok: false; code: keyof typeof DETAILS }
  | { ok: false; code: 'invalid-client' | 'step-up-required' | 'already-enabled' | 'not-set-up' }
  | { ok: false; code: 'weak-password'; weakness: Weakness }
  | { ok: false; code: 'throttled'; retryAfterSeconds: number };

const weak = (weakness: Weakness, pointer: string): Refusal =>
  refusal('validation-failed', 'the password is too weak', {
    facts: { errors: [{ pointer, detail: WEAKNESS[weakness] }] },
  });

/** @param passwordPointer where the body has the password that may be too weak */
export function identityRefusal(answer: IdentityRefusal, passwordPointer = '/password'): Refusal {
  switch (answer.code) {
    case 'throttled': {
      const { retryAfterSeconds } = answer;
      const detail = 'too many attempts for this account: please wait';
      return refusal('rate-limited', detail, { retryAfterSeconds });
    }
    case 'weak-password':
      return weak(answer.weakness, passwordPointer);
    case 'step-up-required':
      return stepUpRequired;
    case 'already-enabled':
      return refusal('two-factor-enabled', 'switch it off before you set it up anew');
    case 'not-set-up':
      return refusal('two-factor-not-set-up', 'there is no second factor: set one up first');
    case 'invalid-client':
      return refusal('unauthenticated', 'the client is not known');
    default:
      return refusal(answer.code, DETAILS[answer.code]);
  }
}
