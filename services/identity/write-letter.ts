import type { LetterKind } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { announceLetter } from './announce.ts';
import { letterText, type LetterFacts } from './domain/letter-texts.ts';
import type { UserKey } from './domain/vault.ts';
import { insertLetter } from './sql/letters.ts';
import type { Queries } from './sql/queries.ts';

export const LETTER_FIELD = 'letter';

export interface Addressee {
  id: string;
  email: string;
  key: UserKey;
}

/** Writes to a user. Once `tx` has committed, whoever sends letters hears of it. */
export async function writeLetter(
  tx: Queries,
  nowMs: number,
  { id: userId, email: to, key }: Addressee,
  kind: LetterKind,
  facts: LetterFacts,
): Promise<void> {
  const id = uuidv7(nowMs);
  const sealed = key.seal(LETTER_FIELD, JSON.stringify({ to, ...letterText(kind, facts) }));
  await insertLetter(tx, { id, userId, kind, sealed, createdAt: new Date(nowMs) });
  await announceLetter(tx, nowMs, { letterId: id, userId, kind });
}
