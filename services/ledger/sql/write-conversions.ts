/** What was asked of a quote, refusals included: the same key is told the same. */
export const writeConversions = {
  name: 'write-conversions',
  text: `
    INSERT INTO conversions (
      transaction_id, quote_id, uses_quote, from_currency, from_amount, to_currency, to_amount,
      rate, base_currency, from_value, to_value)
    SELECT * FROM unnest(
      $1::uuid[], $2::uuid[], $3::bool[], $4::text[], $5::bigint[], $6::text[], $7::bigint[],
      $8::text[], $9::text[], $10::bigint[], $11::bigint[])`,
};

/**
 * Holds quotes until the batch is committed, in one order everywhere. Two lanes that are asked for
 * the same one decide one after the other, and the second sees what the first did. Taken before any
 * row is locked, so that nobody who has a row waits here.
 */
export const lockQuotes = {
  name: 'lock-quotes',
  text: `
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended(id::text, 0) AS key
        FROM unnest($1::uuid[]) AS asked (id) ORDER BY key) AS keys`,
};

/** Those of the quotes that a conversion stands for. Read after they are locked. */
export const findUsedQuotes = {
  name: 'find-used-quotes',
  text: `SELECT quote_id AS id FROM conversions WHERE uses_quote AND quote_id = ANY ($1::uuid[])`,
};
