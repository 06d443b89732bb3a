import { randomBytes } from 'node:crypto';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { base32, matchTotp, otpauthUri } from '../domain/totp.ts';
import { keyOf, openUser, TOTP_FIELD } from '../open-user.ts';
import { provenLately, takeSessionTry } from '../sign-in/prove-again.ts';
import type { Queries } from '../sql/queries.ts';
import { replaceRecoveryCodes, storeTotp } from '../sql/second-factor.ts';
import { endSessionsOf, markProven } from '../sql/sessions.ts';
import type { StoredUser } from '../sql/user-row.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';
import { issueRecoveryCodes } from './recovery-codes.ts';

/** 160 bits, as RFC 4226 advises. */
const SECRET_BYTES = 20;

type Change = 'two-factor-enabled' | 'two-factor-disabled' | 'recovery-codes-renewed';

async function tell(
  tx: Queries,
  { vault, clock }: Deps,
  user: StoredUser,
  change: Change,
): Promise<void> {
  const nowMs = clock.nowMs();
  await announce(tx, nowMs, 'credentials-changed', { userId: user.id, change });
  const { email, name } = openUser(vault, user);
  const addressee = { id: user.id, email, key: keyOf(vault, user) };
  const at = new Date(nowMs).toISOString();
  await writeLetter(tx, nowMs, addressee, 'two-factor-changed', { name, at });
}

/** A secret for an authenticator app. It counts once a code of it was shown. */
export function createSetUpTwoFactor(deps: Deps): UseCase<'setUpTwoFactor'> {
  const { db, vault } = deps;
  return async (shown) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const { user } = proven;
    if (user.totpEnabledAt !== null) return { ok: false, code: 'already-enabled' };
    const secret = randomBytes(SECRET_BYTES);
    const sealed = keyOf(vault, user).sealBytes(TOTP_FIELD, secret);
    await storeTotp(db, { userId: user.id, sealed, enabledAt: null, lastStep: null });
    const { email } = openUser(vault, user);
    return { ok: true, secret: base32(secret), otpauthUri: otpauthUri(secret, email) };
  };
}

/** Switches the second factor on. Sessions that never showed one end, this one has just done so. */
export function createConfirmTwoFactor(deps: Deps): UseCase<'confirmTwoFactor'> {
  const { vault, clock, sessionsEnded } = deps;
  return async ({ code, ...shown }) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const { user } = proven;
    if (user.totpEnabledAt !== null) return { ok: false, code: 'already-enabled' };
    const { totpSealed: sealed } = user;
    if (sealed === null) return { ok: false, code: 'not-set-up' };
    const attempt = await takeSessionTry(deps, shown);
    if (attempt.refused !== undefined) return attempt.refused;
    const secret = keyOf(vault, user).openBytes(TOTP_FIELD, sealed);
    const step = matchTotp(secret, code, clock.nowMs(), 0);
    if (step === undefined) return { ok: false, code: 'invalid-code' };
    await attempt.giveBack();
    const { userId, sessionId } = shown;
    const at = new Date(clock.nowMs());
    const done = await commit(deps, async (tx) => {
      // Confirming is no sign-in: the code that did it still opens one, once.
      await storeTotp(tx, { userId, sealed, enabledAt: at, lastStep: step - 1 });
      const recoveryCodes = await issueRecoveryCodes(tx, vault, userId);
      await markProven(tx, { id: sessionId, factors: ['password', 'totp'], at });
      const ended = await endSessionsOf(tx, { userId, except: sessionId, at });
      await tell(tx, deps, user, 'two-factor-enabled');
      return { ended, recoveryCodes };
    });
    sessionsEnded(done.ended);
    return { ok: true, recoveryCodes: done.recoveryCodes };
  };
}

export function createRenewRecoveryCodes(deps: Deps): UseCase<'renewRecoveryCodes'> {
  return async (shown) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const { user } = proven;
    if (user.totpEnabledAt === null) return { ok: false, code: 'not-set-up' };
    const recoveryCodes = await commit(deps, async (tx) => {
      await tell(tx, deps, user, 'recovery-codes-renewed');
      return issueRecoveryCodes(tx, deps.vault, user.id);
    });
    return { ok: true, recoveryCodes };
  };
}

export function createDisableTwoFactor(deps: Deps): UseCase<'disableTwoFactor'> {
  return async (shown) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const { user } = proven;
    if (user.totpEnabledAt === null) return { ok: false, code: 'not-set-up' };
    await commit(deps, async (tx) => {
      const { id: userId } = user;
      await storeTotp(tx, { userId, sealed: null, enabledAt: null, lastStep: null });
      await replaceRecoveryCodes(tx, { userId, hashes: [] });
      await tell(tx, deps, user, 'two-factor-disabled');
    });
    return { ok: true };
  };
}
