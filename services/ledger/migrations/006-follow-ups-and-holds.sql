-- What follows from a transaction: reversals of it, captures and releases of a hold. Beside the
-- transactions, not in them: most have none, and none should pay for it.
CREATE TABLE follow_ups (
  transaction_id uuid PRIMARY KEY,
  related_id     uuid NOT NULL,
  -- What could still be reversed or captured after it, for answers that never change.
  remaining      bigint NOT NULL CHECK (remaining >= 0)
);
CREATE INDEX follow_ups_by_related ON follow_ups (related_id, transaction_id);
CREATE TRIGGER follow_ups_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON follow_ups
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- How much of a transaction was given back; NULL for nothing, which takes no room in the row.
ALTER TABLE transactions
  ADD COLUMN reversed bigint,
  ADD CONSTRAINT transactions_reversed_within_amount CHECK (reversed > 0 AND reversed <= amount),
  ADD CONSTRAINT transactions_reversed_when_all_is
    CHECK (type = 'hold' OR (status = 'reversed') = (reversed IS NOT NULL AND reversed = amount));

-- I4: a final status is final, but for what was completed and is given back: more of it each time,
-- reversed when it is all. Nothing else of it changes.
CREATE OR REPLACE FUNCTION outcomes_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('pending', 'held') AND NEW.reversed IS NULL AND
     (NEW.amount, NEW.wallet_id, NEW.type, NEW.body_hash, NEW.event_sequence)
     IS NOT DISTINCT FROM (OLD.amount, OLD.wallet_id, OLD.type, OLD.body_hash, OLD.event_sequence)
  THEN
    RETURN NEW;
  END IF;
  IF OLD.status = 'completed' AND NEW.status IN ('completed', 'reversed') AND
     NEW.reversed > coalesce(OLD.reversed, 0) AND
     to_jsonb(NEW) - '{status,reversed}'::text[] = to_jsonb(OLD) - '{status,reversed}'::text[]
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'transaction % is final or its facts would change', OLD.id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Holds of their own have no entries whatever becomes of them, and are found as those that failed.
DROP INDEX transactions_without_entries;
CREATE INDEX transactions_without_entries ON transactions (wallet_id, created_at)
  WHERE status IN ('pending', 'held', 'failed') OR type IN ('hold', 'release');

-- I7 in the schema: settled is settled, and then no part of it is unaccounted for; until then a hold
-- is only drawn on, never filled up.
ALTER TABLE holds
  ADD COLUMN expires_at timestamptz,
  ADD CONSTRAINT holds_settled_entirely
    CHECK ((settled_at IS NOT NULL) = (captured + released = amount));
CREATE INDEX holds_by_end ON holds (expires_at)
  WHERE expires_at IS NOT NULL AND settled_at IS NULL;

CREATE FUNCTION holds_are_drawn_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR NEW.captured < OLD.captured OR NEW.released < OLD.released OR
     (NEW.amount, NEW.wallet_id, NEW.placed_at, NEW.expires_at)
     IS DISTINCT FROM (OLD.amount, OLD.wallet_id, OLD.placed_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'the hold of transaction % is settled or would grow', OLD.transaction_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER holds_settled_once BEFORE UPDATE ON holds
  FOR EACH ROW EXECUTE FUNCTION holds_are_drawn_on();
CREATE TRIGGER holds_never_deleted BEFORE DELETE OR TRUNCATE ON holds
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
