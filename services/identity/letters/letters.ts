import type { Letter } from '@florin/contracts';
import { isUuid } from '@florin/kernel';
import type { Deps } from '../deps.ts';
import type { Vault } from '../domain/vault.ts';
import { findLetter, listLetters } from '../sql/letters.ts';
import type { Queries } from '../sql/queries.ts';
import type { UseCase } from '../use-case.ts';
import { openLetter } from './open-letter.ts';

export async function readLetter(db: Queries, vault: Vault, id: string): Promise<Letter | null> {
  const stored = await findLetter(db, id);
  return stored === null ? null : openLetter(vault, stored);
}

export const createGetLetter =
  ({ db, vault }: Pick<Deps, 'db' | 'vault'>): UseCase<'getLetter'> =>
  async ({ id }) => ({ letter: await readLetter(db, vault, id) });

export const createListLetters =
  ({ db, vault, settings }: Pick<Deps, 'db' | 'vault' | 'settings'>): UseCase<'listLetters'> =>
  async ({ cursor, limit }) => {
    const before = cursor !== undefined && isUuid(cursor) ? cursor : null;
    const stored = await listLetters(db, { before, limit: limit + 1 });
    const items = stored.slice(0, limit).map((one) => {
      const { translations: _, ...letter } = openLetter(vault, one);
      return settings.lettersReadable ? letter : { ...letter, text: null };
    });
    const last = stored.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last?.id ?? null };
  };
