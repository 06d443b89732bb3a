import { uuidv7 } from '@florin/kernel';
import { commit, type Deps } from '../deps.ts';
import { keyOf } from '../open-user.ts';
import { findUser, lockUser } from '../sql/find-user.ts';
import { documentsOf, findDocument, insertDocument, listDocuments } from '../sql/kyc-documents.ts';
import { documentView, fileKeyField } from './document-view.ts';
import type { KycCase } from './kyc-case.ts';

/** Nobody needs more, and reviewers look at each. */
const PENDING_MAX = 10;

type KycDeps = Pick<Deps, 'db' | 'clock' | 'vault' | 'wake'>;

/** Takes a document whose sealed file is in the store. Its key is sealed under the user's own. */
export function createAddDocument(deps: KycDeps): KycCase<'addDocument'> {
  const { clock, vault } = deps;
  return ({ userId, fileKey, ...document }) =>
    commit(deps, async (tx) => {
      const user = await lockUser(tx, userId);
      if (user === null) return { ok: false, code: 'not-found' };
      const pending = (await documentsOf(tx, userId)).filter(({ status }) => status === 'pending');
      if (pending.length >= PENDING_MAX) return { ok: false, code: 'too-many-pending' };
      const field = fileKeyField(document.objectName);
      const nowMs = clock.nowMs();
      const stored = await insertDocument(tx, {
        ...document,
        id: uuidv7(nowMs),
        userId,
        keySealed: keyOf(vault, user).seal(field, fileKey),
        createdAt: new Date(nowMs),
      });
      return { ok: true, document: documentView(stored) };
    });
}

export const createGetPerson =
  ({ db }: Pick<Deps, 'db'>): KycCase<'getPerson'> =>
  async ({ userId }) => {
    const user = await findUser(db, userId);
    if (user === null) return { kyc: null };
    const documents = await documentsOf(db, userId);
    return { kyc: { level: user.kycLevel, documents: documents.map(documentView) } };
  };

export const createListDocuments =
  ({ db }: Pick<Deps, 'db'>): KycCase<'listDocuments'> =>
  async ({ status, cursor, limit }) => {
    const after = /^[0-9a-f-]{36}$/.test(cursor ?? '') ? (cursor ?? null) : null;
    const found = await listDocuments(db, { status, after, limit: limit + 1 });
    const items = found.slice(0, limit).map(documentView);
    const nextCursor = found.length > limit ? (items.at(-1)?.id ?? null) : null;
    return { items, nextCursor };
  };

/** With what opens its file: for reviewers only, the gateway sees to that. */
export const createGetDocument =
  ({ db, vault }: Pick<Deps, 'db' | 'vault'>): KycCase<'getDocument'> =>
  async ({ id }) => {
    const stored = await findDocument(db, id);
    const user = stored === null ? null : await findUser(db, stored.userId);
    // Without the key of its user nobody opens it: the person has been erased.
    if (stored === null || user === null) return { found: null };
    const { objectName, keySealed } = stored;
    const fileKey = keyOf(vault, user).open(fileKeyField(objectName), keySealed);
    return { found: { document: documentView(stored), file: { objectName, fileKey } } };
  };
