/**
 * Microseconds since 1970 as a time, exactly. Reading 6000 numbers takes a fifth of what reading
 * 6000 times in text takes.
 */
const timeFromMicros = (column: string): string =>
  `timestamptz 'epoch' + ${column} * interval '1 microsecond'`;

/**
 * Writes what a batch decided, in one statement over arrays. 1000 transfers cost about 20 ms here;
 * one statement a transfer costs ten times that, and COPY the same (docs/adr, "set-based posting").
 * Answers how many wallets and partitions it changed, which the caller compares with what it meant.
 */
const postBatchText = (spending: boolean): string => `
    WITH new_transactions AS (
      INSERT INTO transactions (
        id, partition, event_sequence, type, status, wallet_id, counterparty_wallet_id, amount,
        currency, client_id, body_hash, origin, failure_code, wallet_sequence,
        counterparty_sequence, wallet_posted, wallet_held, bank_account, description, metadata,
        risk, created_at, completed_at)
      SELECT id, partition, event_sequence, type, status, wallet_id, counterparty_wallet_id, amount,
             currency, client_id, body_hash, origin, failure_code, wallet_sequence,
             counterparty_sequence, wallet_posted, wallet_held, bank_account, description, metadata,
             risk, ${timeFromMicros('created_us')}, ${timeFromMicros('completed_us')}
        FROM unnest(
          $1::uuid[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
          $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
          $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[], $19::text[],
          $20::jsonb[], $21::json[], $22::bigint[], $23::bigint[])
          AS u (id, partition, event_sequence, type, status, wallet_id, counterparty_wallet_id,
                amount, currency, client_id, body_hash, origin, failure_code, wallet_sequence,
                counterparty_sequence, wallet_posted, wallet_held, bank_account, description,
                metadata, risk, created_us, completed_us)
    ), new_entries AS (
      INSERT INTO entries (
        wallet_id, sequence, transaction_id, currency, delta, balance_after, created_at)
      SELECT wallet_id, sequence, transaction_id, currency, delta, balance_after,
             ${timeFromMicros('created_us')}
        FROM unnest(
          $24::uuid[], $25::bigint[], $26::uuid[], $27::text[], $28::bigint[], $29::bigint[],
          $30::bigint[])
          AS u (wallet_id, sequence, transaction_id, currency, delta, balance_after, created_us)
    ), changed_wallets AS (
      UPDATE wallets w
         SET posted = u.posted, held = u.held, sequence = u.sequence, version = u.version,
             ${spending ? 'spent_day = u.spent_day, spent_month = u.spent_month,' : ''}
             status = u.status, changed_at = ${timeFromMicros('u.changed_us')}
        FROM unnest(
          $31::uuid[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::text[],
          $37::bigint[]${spending ? ', $44::bigint[], $45::bigint[]' : ''})
          AS u (id, posted, held, sequence, version, status, changed_us
                ${spending ? ', spent_day, spent_month' : ''})
       WHERE w.id = u.id
      RETURNING 1
    ), moved_partitions AS (
      UPDATE partitions p
         SET position = u.position, position_message = u.position_message,
             event_sequence = u.event_sequence,
             published_sequence = greatest(p.published_sequence, u.published_sequence),
             watched_position = greatest(p.watched_position, u.watched_position)
        FROM unnest($38::int[], $39::bigint[], $40::text[], $41::bigint[], $42::bigint[],
                    $43::bigint[])
          AS u (partition, position, position_message, event_sequence, published_sequence,
                watched_position)
       WHERE p.partition = u.partition
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM changed_wallets)::int AS wallets,
           (SELECT count(*) FROM moved_partitions)::int AS partitions`;

export const postBatch = { name: 'post-batch', text: postBatchText(false) };

/** The same where a wallet with limits is among the changed: what has left it is written, too. */
export const postBatchSpending = { name: 'post-batch-spending', text: postBatchText(true) };
