-- A key stands for one payment in all shards. What was decided here is looked up in the others
-- afterwards, too: two of them may have decided at the same moment, or one could not be asked.
-- Where all books are in one place these tables stay empty.

CREATE TABLE key_checks (
  partition        integer PRIMARY KEY,
  -- The last event of the partition whose transaction was looked up elsewhere.
  checked_sequence bigint NOT NULL CHECK (checked_sequence >= 0)
);

-- Transactions whose id stands for another payment in another shard.
CREATE TABLE reused_keys (
  transaction_id uuid PRIMARY KEY,
  shard          integer NOT NULL,
  found_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER reused_keys_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON reused_keys
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
