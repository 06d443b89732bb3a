import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { EMAIL_FIELD, EMAIL_INDEX, keyOf, openUser } from '../open-user.ts';
import { provenLately } from '../sign-in/prove-again.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import { lockUser } from '../sql/find-user.ts';
import type { TokenOwner } from '../sql/letter-tokens.ts';
import type { Queries } from '../sql/queries.ts';
import { storeEmail } from '../sql/update-user.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';
import { mayWriteTo } from './may-write-to.ts';
import { sendEmailChange } from './send-verification.ts';

/**
 * Sends a letter to the new address. The answer does not tell whether somebody has it already, and
 * the account keeps its old one until the letter was read.
 */
export function createRequestEmailChange(deps: Deps): UseCase<'requestEmailChange'> {
  const { vault, clock, settings } = deps;
  return async ({ newEmail: typed, ...shown }) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const email = normaliseEmail(typed);
    const { id, name } = openUser(vault, proven.user);
    const key = keyOf(vault, proven.user);
    await commit(deps, async (tx) => {
      const nowMs = clock.nowMs();
      const taken = await findUserByEmail(tx, vault.blindIndex(EMAIL_INDEX, email));
      if (taken !== null || !(await mayWriteTo(tx, vault, id, nowMs))) return;
      const emailSealed = key.seal(EMAIL_FIELD, email);
      await sendEmailChange(tx, { id, email, key, name }, { nowMs, settings, emailSealed });
    });
    return { ok: true };
  };
}

/** The letter was read: the address changes, and the old one hears of it. */
export async function completeEmailChange(
  tx: Queries,
  { vault, clock }: Pick<Deps, 'vault' | 'clock'>,
  { userId, emailSealed }: TokenOwner,
): Promise<boolean> {
  const stored = await lockUser(tx, userId);
  if (stored === null || emailSealed === null) return false;
  const key = keyOf(vault, stored);
  const nowMs = clock.nowMs();
  const at = new Date(nowMs);
  const index = vault.blindIndex(EMAIL_INDEX, key.open(EMAIL_FIELD, emailSealed));
  if (!(await storeEmail(tx, { userId, index, sealed: emailSealed, at }))) return false;
  await announce(tx, nowMs, 'credentials-changed', { userId, change: 'email-changed' });
  const { email, name } = openUser(vault, stored);
  const addressee = { id: userId, email, key };
  await writeLetter(tx, nowMs, addressee, 'email-changed', { name, at: at.toISOString() });
  return true;
}
