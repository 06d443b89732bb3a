/**
 * What a listed transaction must pass, $5 to $15: status, type, times, metadata, currency, amounts,
 * text with the wallets that it stands for, counterparties. NULL for what is not asked.
 */
export const passesFilter = `
         ($5::text IS NULL OR t.status = $5)
     AND ($6::text IS NULL OR t.type = $6)
     AND ($7::timestamptz IS NULL OR t.created_at >= $7)
     AND ($8::timestamptz IS NULL OR t.created_at < $8)
     AND ($9::jsonb IS NULL OR t.metadata @> $9)
     AND ($10::text IS NULL OR t.currency = $10)
     AND ($11::bigint IS NULL OR t.amount >= $11)
     AND ($12::bigint IS NULL OR t.amount <= $12)
     AND ($13::text IS NULL OR t.description ILIKE $13
          OR t.counterparty_wallet_id = ANY ($14::uuid[]) OR t.wallet_id = ANY ($14::uuid[]))
     AND ($15::uuid[] IS NULL
          OR t.counterparty_wallet_id = ANY ($15) OR t.wallet_id = ANY ($15))`;
