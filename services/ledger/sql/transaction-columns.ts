/** The columns of a transaction as `transactionFromRow` reads them. */
export const transactionColumns = `
    t.id, t.partition, t.event_sequence, t.type, t.status, t.wallet_id, t.counterparty_wallet_id,
    t.amount, t.currency, t.client_id, t.body_hash, t.origin, t.failure_code, t.wallet_sequence,
    t.counterparty_sequence, t.wallet_posted, t.wallet_held, t.bank_account, t.description,
    t.metadata,
    (extract(epoch FROM t.created_at) * 1000000)::int8 AS created_us,
    (extract(epoch FROM t.completed_at) * 1000000)::int8 AS completed_us`;
