-- What transactions with metadata are found by: a number for each key and value, newest last.
-- Beside the transactions, not as an index on them: most carry no metadata and pay nothing for it,
-- and a B-tree gives the newest of a million alike ones at once, where GIN would collect them all.
CREATE TABLE transaction_labels (
  label          bigint NOT NULL,
  created_at     timestamptz NOT NULL,
  transaction_id uuid NOT NULL
);
CREATE INDEX transactions_by_label ON transaction_labels (label, created_at, transaction_id);
CREATE TRIGGER transaction_labels_immutable
  BEFORE UPDATE OR DELETE OR TRUNCATE ON transaction_labels
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- The hash that partitions are told apart by: a third of the price of a SHA-256, and kept through
-- upgrades. Whoever finds something by it looks at the metadata, too, so that two things with one
-- label do no harm.
CREATE FUNCTION label_of(key text, value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT hashtextextended(key || '=' || value, 0)
$$;

INSERT INTO transaction_labels (label, created_at, transaction_id)
SELECT label_of(m.key, m.value), t.created_at, t.id
  FROM transactions t CROSS JOIN LATERAL jsonb_each_text(t.metadata) AS m
 WHERE t.metadata IS NOT NULL;

-- The sequence of a partition's last transaction at or before a time, by halving as in
-- last_sequence_at. Some sequences belong to events that are no transactions: then the one below
-- tells.
CREATE FUNCTION last_event_at(lane integer, at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := coalesce((SELECT event_sequence FROM partitions WHERE partition = lane), 0);
  middle bigint;
  below record;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    SELECT event_sequence, created_at INTO below FROM transactions
     WHERE partition = lane AND event_sequence > low AND event_sequence <= middle
     ORDER BY event_sequence DESC LIMIT 1;
    IF below IS NULL OR below.created_at <= at THEN
      low := middle;
    ELSE
      high := below.event_sequence - 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;
