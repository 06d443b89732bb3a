import type { Currency } from '@florin/kernel';
import type pg from 'pg';
import { sumConversions } from '../sql/sum-conversions.ts';
import type { ResponseOf } from './request-types.ts';

interface PositionRow {
  currency: Currency;
  base_currency: Currency;
  amount: string;
  cost: string;
  conversions: bigint;
}

/** What the platform holds or owes of each currency by what people have converted. */
export const createListPositions =
  (pool: pg.Pool) => async (): Promise<ResponseOf<'listPositions'>> => {
    const { rows } = await pool.query<PositionRow>(sumConversions);
    return {
      positions: rows.map((row) => ({
        currency: row.currency,
        amount: row.amount,
        baseCurrency: row.base_currency,
        cost: row.cost,
        conversions: Number(row.conversions),
      })),
    };
  };
