import type { Factor } from '@florin/contracts';
import type { Deps } from '../deps.ts';
import { secretHash } from '../adapters/opaque-secret.ts';
import { matchTotp } from '../domain/totp.ts';
import { announce } from '../announce.ts';
import { keyOf, TOTP_FIELD } from '../open-user.ts';
import { markTotpStep, useRecoveryCode } from '../sql/second-factor.ts';
import type { StoredUser } from '../sql/user-row.ts';
import { commit } from '../deps.ts';

/** Recovery codes are typed from paper: neither case nor hyphens matter. */
export const recoveryCodeHash = (vault: Deps['vault'], code: string): Buffer =>
  vault.blindIndex(
    'recovery-code',
    secretHash(code.toUpperCase().replace(/[\s-]/g, '')).toString('hex'),
  );

async function useTotp(
  { db, vault, clock }: Pick<Deps, 'db' | 'vault' | 'clock'>,
  user: StoredUser,
  code: string,
): Promise<boolean> {
  if (user.totpSealed === null) return false;
  const secret = keyOf(vault, user).openBytes(TOTP_FIELD, user.totpSealed);
  const lastStep = Number(user.totpLastStep ?? 0n);
  const step = matchTotp(secret, code, clock.nowMs(), lastStep);
  // Of two that show the same code at once, the database lets one go on.
  return step !== undefined && markTotpStep(db, { userId: user.id, step });
}

/** Uses up a code of the app or of the recovery list. Undefined when it is neither. */
export async function useSecondFactor(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'wake'>,
  user: StoredUser,
  code: string,
): Promise<Factor | undefined> {
  if (await useTotp(deps, user, code)) return 'totp';
  const nowMs = deps.clock.nowMs();
  const hash = recoveryCodeHash(deps.vault, code);
  const used = await commit(deps, async (tx) => {
    const done = await useRecoveryCode(tx, { userId: user.id, hash, at: new Date(nowMs) });
    const change = 'recovery-code-used' as const;
    if (done) await announce(tx, nowMs, 'credentials-changed', { userId: user.id, change });
    return done;
  });
  return used ? 'recovery-code' : undefined;
}
