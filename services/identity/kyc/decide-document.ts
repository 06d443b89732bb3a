import type { KycLevel } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { ObjectStore } from '@florin/messaging';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { kycLevelOf, validUntil } from '../domain/kyc-level.ts';
import { lockUser } from '../sql/find-user.ts';
import {
  deleteDocument,
  documentsOf,
  endDocuments,
  filesOfErased,
  findDocument,
  peopleWithEndedDocuments,
  storeKycLevel,
  storeVerdict,
} from '../sql/kyc-documents.ts';
import type { Queries } from '../sql/queries.ts';
import type { StoredUser } from '../sql/user-row.ts';
import { documentView } from './document-view.ts';
import type { KycCase } from './kyc-case.ts';

type KycDeps = Pick<Deps, 'db' | 'clock' | 'wake' | 'log'>;

/** Looks at all documents of a person anew; whoever has another level now, everybody is told. */
async function settleLevel(tx: Queries, user: StoredUser, nowMs: number): Promise<KycLevel> {
  const level = kycLevelOf(await documentsOf(tx, user.id));
  if (level === user.kycLevel) return level;
  await storeKycLevel(tx, user.id, level);
  const change = { userId: user.id, from: user.kycLevel, to: level };
  await announce(tx, nowMs, 'kyc-level-changed', change);
  return level;
}

/** A reviewer's decision. The user's row is locked: two decisions see each other. */
export function createDecideDocument(deps: KycDeps): KycCase<'decideDocument'> {
  const { clock } = deps;
  return ({ id, decision, reason, decidedBy, validUntil: asked }) =>
    commit(deps, async (tx) => {
      const nowMs = clock.nowMs();
      const found = await findDocument(tx, id);
      const user = found === null ? null : await lockUser(tx, found.userId);
      if (found === null || user === null) return { ok: false, code: 'not-found' };
      if (found.userId === decidedBy) return { ok: false, code: 'own-document' };
      const decidedAt = new Date(nowMs);
      const until = asked === undefined ? undefined : new Date(asked);
      const approved = decision === 'approve';
      const stored = await storeVerdict(tx, id, {
        status: approved ? 'approved' : 'rejected',
        reason,
        decidedBy,
        decidedAt,
        validUntil: approved ? validUntil(found.kind, until, decidedAt) : null,
      });
      if (stored === null) return { ok: false, code: 'already-decided' };
      const level = await settleLevel(tx, user, nowMs);
      return { ok: true, document: documentView(stored), level };
    });
}

const AT_ONCE = 100;

/** Ends approvals whose time is over, and with them the level they stood for. */
export async function endOldApprovals(deps: KycDeps): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  const people = await peopleWithEndedDocuments(deps.db, now, AT_ONCE);
  for (const userId of people) {
    await commit(deps, async (tx) => {
      const user = await lockUser(tx, userId);
      await endDocuments(tx, userId, now);
      if (user !== null) await settleLevel(tx, user, nowMs);
    });
  }
  return people.length;
}

/** Removes the files of the erased. They could not be opened since their keys were destroyed. */
export async function removeFilesOfErased(
  { db, log }: KycDeps,
  files: Pick<ObjectStore, 'remove'>,
): Promise<number> {
  const found = await filesOfErased(db, AT_ONCE);
  for (const { id, objectName } of found) {
    try {
      await files.remove(objectName);
      await deleteDocument(db, id);
    } catch (error) {
      log.warn({ documentId: id }, `file not removed: ${faultText(error)}`);
    }
  }
  return found.length;
}
