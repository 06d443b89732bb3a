import type { Wallet } from '@florin/contracts';
import { isoFromMicros, microsFromIso } from '../domain/iso-time.ts';
import { toWallet } from '../domain/views.ts';
import { plainArray } from '../adapters/array-literal.ts';
import { walletFromRow, type WalletRow } from '../sql/rows.ts';
import { findWallets, listWallets, walletAt } from '../sql/select-wallets.ts';
import type pg from 'pg';
import { readCursor, writeCursor } from './cursor.ts';
import type { ArchivedEntries } from './archived-entries.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

export function createWalletReads(pool: pg.Pool, archived: ArchivedEntries) {
  return {
    async getWallets({ ids }: RequestOf<'getWallets'>): Promise<ResponseOf<'getWallets'>> {
      const { rows } = await pool.query<WalletRow>(findWallets, [plainArray(ids)]);
      return { wallets: rows.map((row) => toWallet(walletFromRow(row))) };
    },

    async listWallets(request: RequestOf<'listWallets'>): Promise<ResponseOf<'listWallets'>> {
      const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor);
      if (cursor?.ok === false) return { items: [], nextCursor: null };
      const { rows } = await pool.query<WalletRow>(listWallets, [
        request.ownerId ?? null,
        request.currency ?? null,
        cursor === undefined ? null : isoFromMicros(cursor.value.atUs),
        cursor?.value.id ?? null,
        request.limit + 1,
      ]);
      const items = rows.slice(0, request.limit).map((row) => toWallet(walletFromRow(row)));
      const last = rows.length > request.limit ? items.at(-1) : undefined;
      return { items, nextCursor: last === undefined ? null : cursorOf(last) };
    },

    async getWalletAt({ id, at }: RequestOf<'getWalletAt'>): Promise<ResponseOf<'getWalletAt'>> {
      const { rows } = await pool.query<WalletRow & { posted_at: bigint; held_at: bigint }>(
        walletAt,
        [id, at],
      );
      const [row] = rows;
      if (row === undefined) return { wallet: null };
      const place = await archived.placeAt(id, microsFromIso(at));
      const posted = place?.balance ?? row.posted_at;
      return { wallet: toWallet(walletFromRow({ ...row, posted, held: row.held_at })) };
    },
  };
}

const cursorOf = (wallet: Wallet): string =>
  writeCursor({ atUs: microsFromIso(wallet.createdAt), id: wallet.id });
