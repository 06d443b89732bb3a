import { createHash } from 'node:crypto';
import type { LINKING_REQUESTS, LinkedAccount } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type { RequestContract } from '@florin/messaging';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { seal } from '@florin/runtime';
import type { z } from 'zod';
import type { AccountLinker } from './adapters/account-linker.ts';
import { BankFault } from './adapters/bank-fault.ts';
import { sealLabelOf } from './read-reference.ts';
import {
  countLinkedAccounts,
  findByPublicToken,
  findLinkedAccount,
  findLinkToken,
  insertLinkedAccount,
  insertLinkToken,
  listLinkedAccounts,
  removeLinkedAccount,
  type LinkedAccountRow,
} from './sql/linked-accounts.ts';

type Contracts = typeof LINKING_REQUESTS;
type UseCases = {
  [Name in keyof Contracts]: Contracts[Name] extends RequestContract
    ? (asked: z.output<Contracts[Name]['request']>) => Promise<z.input<Contracts[Name]['response']>>
    : never;
};

interface LinkDeps {
  db: Database['slonik'];
  /** Absent where nothing can be linked. */
  linker: AccountLinker | undefined;
  /** Seals what banks know accounts by. */
  key: Buffer;
  isBank: (name: string) => boolean;
}

const ACCOUNTS_MAX = 20;
const UNAVAILABLE = { ok: false, code: 'bank-unavailable' } as const;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const view = (row: LinkedAccountRow): LinkedAccount => ({
  id: row.id,
  bank: row.bank,
  bankAccount: `${row.bank}:${row.id}`,
  institution: row.institution,
  name: row.name,
  mask: row.mask,
  createdAt: row.createdAt.toISOString(),
});

/** Undefined in the place of an answer that a provider has not given. */
const orNothing = (error: unknown): undefined => {
  if (!(error instanceof BankFault)) throw error;
};

/** What people do about accounts of theirs at banks. Of somebody else's nothing is known. */
export function createLinkAccounts({ db, linker, key, isBank }: LinkDeps): UseCases {
  async function prove(ownerId: string, bank: string, linkToken: string, publicToken: string) {
    const proven = await linker
      ?.exchange(linkToken, publicToken)
      .then((account) => account ?? 'refused', orNothing);
    if (proven === undefined) return UNAVAILABLE;
    if (proven === 'refused') return { ok: false, code: 'invalid-token' } as const;
    const id = uuidv7();
    const { account, ...secrets } = proven;
    const row = await insertLinkedAccount(db, {
      id,
      ownerId,
      bank,
      ...account,
      publicTokenHash: hashOf(publicToken),
      sealed: seal(key, sealLabelOf(id), Buffer.from(JSON.stringify(secrets))),
    });
    return { ok: true, account: view(row) } as const;
  }

  return {
    async createLinkToken({ ownerId, bank }) {
      if (!isBank(bank)) return { ok: false, code: 'not-found' };
      const made = await linker?.createToken(ownerId, bank).catch(orNothing);
      if (made === undefined) return UNAVAILABLE;
      const { linkToken, expiresAt } = made;
      const hash = hashOf(linkToken);
      await insertLinkToken(db, { hash, ownerId, bank, expiresAt: new Date(expiresAt) });
      return { ok: true, linkToken, expiresAt };
    },
    async linkAccount({ ownerId, linkToken, publicToken }) {
      const before = await findByPublicToken(db, hashOf(publicToken), ownerId);
      if (before !== null) return { ok: true, account: view(before) };
      const given = await findLinkToken(db, hashOf(linkToken), ownerId);
      if (given === null) return { ok: false, code: 'invalid-token' };
      const { linked } = await countLinkedAccounts(db, ownerId);
      if (linked >= ACCOUNTS_MAX) return { ok: false, code: 'limit-exceeded' };
      return prove(ownerId, given.bank, linkToken, publicToken);
    },
    async getLinkedAccount({ id, ownerId }) {
      const row = await findLinkedAccount(db, id, ownerId);
      return { account: row && view(row) };
    },
    async listLinkedAccounts({ ownerId, limit, cursor }) {
      const after = readCursor(cursor);
      return pageOfRows(await listLinkedAccounts(db, { ownerId, limit, after }), limit, view);
    },
    removeLinkedAccount: async ({ id, ownerId }) => ({
      removed: (await removeLinkedAccount(db, id, ownerId)) !== null,
    }),
  };
}
