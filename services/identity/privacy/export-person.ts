import { commit, type Deps } from '../deps.ts';
import { openLetter } from '../letters/open-letter.ts';
import { keyOf, openUser } from '../open-user.ts';
import { openSession } from '../sessions/sessions.ts';
import { provenLately } from '../sign-in/prove-again.ts';
import { listConsents } from '../sql/consents.ts';
import { lettersOf } from '../sql/letters.ts';
import { listSessions } from '../sql/sessions.ts';
import type { StoredUser } from '../sql/user-row.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';

/** Whoever has it knows everything: its owner shall hear of it. */
async function tell(deps: Deps, stored: StoredUser): Promise<void> {
  const { email, name } = openUser(deps.vault, stored);
  const addressee = { id: stored.id, email, key: keyOf(deps.vault, stored) };
  await commit(deps, (tx) =>
    writeLetter(tx, deps.clock.nowMs(), addressee, 'export-ready', { name }),
  );
}

/**
 * Everything held about a user here (GDPR art. 15 and 20). Secrets are left out: the hash of a
 * password and the texts of letters, whose links open the account, say nothing about the person.
 */
export function createExportPerson(deps: Deps): UseCase<'exportPerson'> {
  const { db, vault, clock } = deps;
  return async (shown) => {
    const proven = await provenLately(deps, shown);
    if (!proven.ok) return proven;
    const { user: stored } = proven;
    const key = keyOf(vault, stored);
    const sessions = await listSessions(db, { userId: stored.id, at: new Date(clock.nowMs()) });
    const letters = await lettersOf(db, stored.id);
    await tell(deps, stored);
    const credentials = {
      passwordChangedAt: stored.passwordChangedAt?.toISOString() ?? null,
      emailVerifiedAt: stored.emailVerifiedAt?.toISOString() ?? null,
      twoFactorSince: stored.totpEnabledAt?.toISOString() ?? null,
    };
    return {
      ok: true,
      person: {
        profile: openUser(vault, stored),
        credentials,
        sessions: sessions.map((one) => openSession(key, one)),
        consents: await listConsents(db, stored.id),
        letters: letters.map((one) => {
          const { id, kind, to, subject, createdAt } = openLetter(vault, one);
          return { id, kind, to, subject, createdAt };
        }),
      },
    };
  };
}
