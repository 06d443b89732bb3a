/**
 * Writes decisions, each once: whoever scores the same order again changes nothing. One array a
 * column, so that a thousand rows are one statement that is parsed once.
 */
export const insertDecisions = {
  name: 'insert-decisions',
  text: `
    INSERT INTO decisions (transaction_id, wallet_id, counterparty_wallet_id, device_id, address,
                           decided_at, decision, mode, score, logit, model_version,
                           feature_version, reasons, challengers, features, position, degraded,
                           reconstructed)
    SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
                  $7::text[], $8::text[], $9::float8[], $10::float8[], $11::text[], $12::text[],
                  $13::jsonb[], $14::jsonb[], $15::bytea[], $16::bigint[], $17::boolean[],
                  $18::boolean[])
    ON CONFLICT DO NOTHING`,
};
