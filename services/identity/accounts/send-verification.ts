import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import type { Settings } from '../deps.ts';
import { insertLetterToken, type TokenPurpose } from '../sql/letter-tokens.ts';
import type { Queries } from '../sql/queries.ts';
import { writeLetter, type Addressee } from '../write-letter.ts';

const HOUR_MS = 3_600_000;
const LIFETIMES_MS: Record<TokenPurpose, number> = {
  'verify-email': 48 * HOUR_MS,
  'change-email': 48 * HOUR_MS,
  'reset-password': HOUR_MS,
};
const PATHS: Record<TokenPurpose, string> = {
  'verify-email': '/verify-email',
  'change-email': '/verify-email',
  'reset-password': '/reset-password',
};

type Person = Addressee & { name: string };

/** Writes a letter whose token works once; an earlier one for the same purpose works no more. */
async function sendToken(
  tx: Queries,
  purpose: TokenPurpose,
  person: Person,
  {
    nowMs,
    settings,
    emailSealed,
  }: { nowMs: number; settings: Pick<Settings, 'webUrl'>; emailSealed?: Buffer },
): Promise<void> {
  const token = newRefreshToken();
  const expiresAt = new Date(nowMs + LIFETIMES_MS[purpose]);
  const hash = secretHash(token);
  await insertLetterToken(tx, { hash, userId: person.id, purpose, expiresAt, emailSealed });
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

/** Goes to the new address, which is all that it proves. */
export const sendEmailChange = (tx: Queries, person: Person, options: Options): Promise<void> =>
  sendToken(tx, 'change-email', person, options);
