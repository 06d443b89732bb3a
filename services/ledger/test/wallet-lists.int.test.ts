import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { expect, test } from 'vitest';
import { createWalletReads } from '../reads/wallets.ts';
import { unarchived } from './old-books.ts';

const OWNER = '00000000-0000-8000-8000-000000000001';
/** In the order of their opening. A key of free text makes an id that says nothing about time. */
const WALLETS = ['7', 'c', '2', 'f', '4'].map(
  (digit) => `${digit}0000000-0000-8000-8000-000000000000`,
);

/**
 * Hunts lists that are not newest first, skip or repeat. Money for an e-mail address goes to its
 * person's oldest wallet, which is the last of this list: another order would redirect payments.
 */
test('wallets are listed by when they were opened, whatever their ids are', async () => {
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  const pool = createHotPool({ url, applicationName: 'wallet-lists', max: 2 });
  try {
    await pool.query(
      `INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, created_at,
                            changed_at)
       SELECT id, 0, 'user', $2, 'w', 'USD', 'active', t.at, t.at
         FROM unnest($1::uuid[]) WITH ORDINALITY AS w (id, n),
              LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 microsecond') AS t (at)`,
      [WALLETS, OWNER],
    );
    const { listWallets } = createWalletReads(pool, unarchived(pool));
    for (const whose of [{ ownerId: OWNER }, {}]) {
      const listed: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listWallets>> = await listWallets({
          ...whose,
          limit: 2,
          ...(cursor === null ? {} : { cursor }),
        });
        listed.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(listed).toEqual(WALLETS.toReversed());
    }
  } finally {
    await pool.end();
  }
});
