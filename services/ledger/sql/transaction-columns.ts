/**
 * The columns of a transaction as `transactionFromRow` reads them. What few have is looked
 * up only for those that may: a review where somebody has thought of risk at all.
 */
export const transactionColumns = `
    t.id, t.partition, t.event_sequence, t.type, t.status, t.wallet_id, t.counterparty_wallet_id,
    t.amount, t.currency, t.client_id, t.body_hash, t.origin, t.failure_code, t.wallet_sequence,
    t.counterparty_sequence, t.wallet_posted, t.wallet_held, t.bank_account, t.description,
    t.metadata, t.risk, t.reversed,
    CASE WHEN t.type IN ('reversal', 'capture', 'release') THEN (
      SELECT json_build_object(
               'relatedId', f.related_id, 'remaining', f.remaining::text,
               'endsHold', f.ends_hold)
        FROM follow_ups f WHERE f.transaction_id = t.id) END AS follow_up,
    CASE WHEN t.type = 'hold' THEN (
      SELECT json_build_object(
               'captured', h.captured::text, 'released', h.released::text,
               'expiresAtUs', (extract(epoch FROM h.expires_at) * 1000000)::int8)
        FROM holds h WHERE h.transaction_id = t.id) END AS hold,
    CASE WHEN t.type = 'conversion' THEN (
      SELECT json_build_object(
               'quoteId', c.quote_id, 'usesQuote', c.uses_quote, 'toCurrency', c.to_currency,
               'toAmount', c.to_amount::text, 'rate', c.rate, 'baseCurrency', c.base_currency,
               'fromValue', c.from_value::text, 'toValue', c.to_value::text)
        FROM conversions c WHERE c.transaction_id = t.id) END AS conversion,
    CASE WHEN t.type = 'adjustment' THEN (
      SELECT a.direction FROM adjustments a WHERE a.id = t.id) END AS direction,
    CASE WHEN t.type = 'transfer' THEN (
      SELECT s.split_id FROM splits s WHERE s.transaction_id = t.id) END AS split_id,
    CASE WHEN t.type IN ('transfer', 'deposit', 'withdrawal', 'capture', 'conversion') THEN (
      SELECT json_build_object(
               'amount', f.amount::text, 'paidBy', f.paid_by,
               'scheduleVersion', f.schedule_version)
        FROM fees f WHERE f.transaction_id = t.id) END AS fee,
    CASE WHEN t.risk IS NOT NULL THEN (
      SELECT json_build_object(
               'status', r.status, 'decidedBy', r.decided_by, 'note', r.note,
               'openedAtUs', (extract(epoch FROM r.opened_at) * 1000000)::int8,
               'expiresAtUs', (extract(epoch FROM r.expires_at) * 1000000)::int8,
               'decidedAtUs', (extract(epoch FROM r.decided_at) * 1000000)::int8)
        FROM reviews r WHERE r.transaction_id = t.id) END AS review,
    (extract(epoch FROM t.created_at) * 1000000)::int8 AS created_us,
    (extract(epoch FROM t.completed_at) * 1000000)::int8 AS completed_us`;
