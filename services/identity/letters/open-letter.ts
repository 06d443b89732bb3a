import type { Letter } from '@florin/contracts';
import type { Vault } from '../domain/vault.ts';
import { letterContent, type StoredLetter } from '../sql/letters.ts';
import { LETTER_FIELD } from '../write-letter.ts';

export function openLetter(vault: Vault, stored: StoredLetter): Letter {
  const { id, userId, kind, wrappedKey, sealed, createdAt } = stored;
  const text = vault.userKey(userId, wrappedKey).open(LETTER_FIELD, sealed);
  const content = letterContent.parse(JSON.parse(text));
  return { id, kind, ...content, createdAt: createdAt.toISOString() };
}
