import { LETTERS_ASKED_FOR } from '../domain/token-bucket.ts';
import type { Vault } from '../domain/vault.ts';
import type { Queries } from '../sql/queries.ts';
import { takeTry } from '../sql/sign-in-buckets.ts';

/** Whether one more letter may be written to a user because somebody, perhaps a stranger, asked. */
export async function mayWriteTo(
  tx: Queries,
  vault: Vault,
  userId: string,
  nowMs: number,
): Promise<boolean> {
  const key = vault.blindIndex('letters', userId);
  return (await takeTry(tx, key, LETTERS_ASKED_FOR, new Date(nowMs))) === 0;
}
