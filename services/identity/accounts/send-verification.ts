import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import type { Settings } from '../deps.ts';
import { insertLetterToken } from '../sql/letter-tokens.ts';
import type { Queries } from '../sql/queries.ts';
import { writeLetter, type Addressee } from '../write-letter.ts';

const HOUR_MS = 3_600_000;
const LIFETIMES_MS = { 'verify-email': 48 * HOUR_MS, 'reset-password': HOUR_MS };
const PATHS = { 'verify-email': '/verify-email', 'reset-password': '/reset-password' };

type Person = Addressee & { name: string };

/** Writes a letter whose token works once; an earlier one for the same purpose works no more. */
async function sendToken(
  tx: Queries,
  purpose: 'verify-email' | 'reset-password',
  person: Person,
  { nowMs, settings }: { nowMs: number; settings: Pick<Settings, 'webUrl'> },
): Promise<void> {
  const token = newRefreshToken();
  const expiresAt = new Date(nowMs + LIFETIMES_MS[purpose]);
  await insertLetterToken(tx, { hash: secretHash(token), userId: person.id, purpose, expiresAt });
  // Behind the hash sign: browsers tell it neither to servers nor to other sites.
  const link = new URL(`${PATHS[purpose]}#token=${token}`, settings.webUrl).href;
  const facts = { name: person.name, link, at: expiresAt.toISOString() };
  await writeLetter(tx, nowMs, person, purpose, facts);
}

type Options = Parameters<typeof sendToken>[3];

export const sendVerification = (tx: Queries, person: Person, options: Options): Promise<void> =>
  sendToken(tx, 'verify-email', person, options);

export const sendPasswordReset = (tx: Queries, person: Person, options: Options): Promise<void> =>
  sendToken(tx, 'reset-password', person, options);
