/**
 * Writes what became of claimed payments, with one line of history each. A change whose version is
 * not the stored one is skipped: the claim ended meanwhile, and another process has the word.
 * Answers the ids that were written.
 */
export const saveProgress = {
  name: 'save-progress',
  text: `
    WITH changes AS (
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::int[],
                           $6::timestamptz[], $7::text[], $8::text[], $9::bool[], $10::int[],
                           $11::text[], $12::text[])
        AS c (transaction_id, version, state, attempts, rounds, exposed_at, failure_code,
              bank_reference, announced, due_in_ms, from_state, answer)
    ), written AS (
      UPDATE payments p
      SET state = c.state, version = p.version + 1, attempts = c.attempts, rounds = c.rounds,
          exposed_at = c.exposed_at, failure_code = c.failure_code,
          bank_reference = c.bank_reference, announced = c.announced,
          due_at = now() + c.due_in_ms * interval '1 ms', updated_at = now()
      FROM changes c
      WHERE p.transaction_id = c.transaction_id AND p.version = c.version
      RETURNING p.transaction_id, p.version, c.from_state, c.answer, p.state
    )
    INSERT INTO payment_history (transaction_id, version, from_state, answer, to_state, worker)
    SELECT transaction_id, version, from_state, answer, state, $13 FROM written
    RETURNING transaction_id`,
};
