-- What was thought of a transaction before it was decided. json, not jsonb: events that are told
-- again after a crash must be the same to the byte, and text costs less than a tree to write.
ALTER TABLE transactions ADD COLUMN risk json;

-- Transactions that wait, or waited, for a person.
CREATE TABLE reviews (
  transaction_id uuid PRIMARY KEY,
  wallet_id      uuid NOT NULL,
  partition      integer NOT NULL,
  status         text NOT NULL CHECK (status IN ('open', 'approved', 'declined', 'expired')),
  opened_at      timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  decided_at     timestamptz,
  decided_by     text,
  note           text,
  CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX reviews_by_end ON reviews (partition, expires_at) WHERE status = 'open';
CREATE INDEX reviews_by_age ON reviews (opened_at, transaction_id);

-- The first verdict stands.
CREATE FUNCTION verdicts_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the review of transaction % was decided', OLD.transaction_id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER reviews_final BEFORE UPDATE ON reviews
  FOR EACH ROW WHEN (OLD.status <> 'open') EXECUTE FUNCTION verdicts_are_final();
CREATE TRIGGER reviews_never_deleted BEFORE DELETE OR TRUNCATE ON reviews
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- The last order message before the oldest one of the lane that nobody has scored yet.
ALTER TABLE partitions ADD COLUMN watched_position bigint NOT NULL DEFAULT 0;
