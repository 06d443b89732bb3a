import type { Factor, RequestOrigin } from '@florin/contracts';
import { networkOf } from '../adapters/network.ts';
import type { Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { EMAIL_INDEX } from '../open-user.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import { knownDevice } from '../sql/sessions.ts';
import type { StoredUser } from '../sql/user-row.ts';
import { useSecondFactor } from './second-factor.ts';
import { admitAttempt, type Attempt } from './throttle.ts';

export interface Credentials {
  email: string;
  password: string;
  totp?: string | undefined;
  from?: RequestOrigin | undefined;
}

export interface Proof {
  user: StoredUser;
  factors: Factor[];
  deviceTag: Buffer;
  /** Not seen before, though the user has signed in before. */
  strangeDevice: boolean;
  newDevice: boolean;
}

export type Unproven =
  | { ok: false; code: 'invalid-credentials' | 'two-factor-required' }
  | { ok: false; code: 'throttled'; retryAfterSeconds: number };

export type ProofDeps = Pick<Deps, 'db' | 'clock' | 'vault' | 'passwords' | 'wake'>;

/** No user has it. Looking for the sessions of nobody takes as long as of somebody. */
const NOBODY = '00000000-0000-7000-8000-000000000000';

async function attemptOf(
  { db, vault }: ProofDeps,
  { email, from }: Credentials,
): Promise<{ user: StoredUser | null; attempt: Attempt; anySession: boolean }> {
  const emailIndex = vault.blindIndex(EMAIL_INDEX, normaliseEmail(email));
  const user = await findUserByEmail(db, emailIndex);
  const network = networkOf(from?.address);
  const userId = user?.id ?? NOBODY;
  const deviceTag = vault.blindIndex('device', `${userId}\n${network}\n${from?.userAgent ?? ''}`);
  const { anySession, thisDevice } = await knownDevice(db, { userId, deviceTag });
  return { user, attempt: { emailIndex, network, deviceTag, deviceKnown: thisDevice }, anySession };
}

/**
 * Checks e-mail, password and second factor. A wrong password and an unknown e-mail give the same
 * answer after the same work. A try counts until the password was right.
 */
export async function proveIdentity(
  deps: ProofDeps,
  credentials: Credentials,
): Promise<{ ok: true; proof: Proof } | Unproven> {
  const { db, vault, passwords, clock } = deps;
  const { user, attempt, anySession } = await attemptOf(deps, credentials);
  const admitted = await admitAttempt(db, vault, attempt, new Date(clock.nowMs()));
  const { retryAfterSeconds } = admitted;
  if (retryAfterSeconds > 0) return { ok: false, code: 'throttled', retryAfterSeconds };
  const right = await passwords.verify(user?.passwordHash, credentials.password);
  if (!right || user === null) return { ok: false, code: 'invalid-credentials' };
  const factors: Factor[] = ['password'];
  if (user.totpEnabledAt !== null) {
    if (credentials.totp === undefined) {
      await admitted.giveBack();
      return { ok: false, code: 'two-factor-required' };
    }
    const second = await useSecondFactor(deps, user, credentials.totp);
    if (second === undefined) return { ok: false, code: 'invalid-credentials' };
    factors.push(second);
  }
  await admitted.giveBack();
  const { deviceTag, deviceKnown } = attempt;
  const newDevice = !deviceKnown;
  return {
    ok: true,
    proof: { user, factors, deviceTag, newDevice, strangeDevice: newDevice && anySession },
  };
}
