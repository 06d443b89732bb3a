-- Corrections of wallets that one of the staff proposes and another one decides about. One that is
-- approved has a transaction of the same id. That the time of an open one is over is no fact to be
-- written down: it follows from expires_at.
CREATE TABLE adjustments (
  id          uuid PRIMARY KEY,
  partition   integer NOT NULL,
  wallet_id   uuid NOT NULL,
  direction   text NOT NULL CHECK (direction IN ('credit', 'debit')),
  amount      bigint NOT NULL CHECK (amount > 0),
  currency    text NOT NULL,
  reason      text NOT NULL,
  body_hash   text NOT NULL,
  proposed_by uuid NOT NULL,
  proposed_at timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  status      text NOT NULL CHECK (status IN ('open', 'approved', 'rejected')),
  decided_by  uuid,
  decided_at  timestamptz,
  note        text,
  CHECK ((status = 'open') = (decided_at IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  -- Four eyes, the last line: whatever the code decided.
  CONSTRAINT adjustments_four_eyes CHECK (decided_by <> proposed_by),
  CONSTRAINT adjustments_decided_in_time CHECK (decided_at < expires_at)
);
CREATE INDEX adjustments_by_age ON adjustments (proposed_at, id);
CREATE INDEX adjustments_open ON adjustments (proposed_at, id) WHERE status = 'open';

CREATE FUNCTION adjustments_are_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'open' OR
     (NEW.wallet_id, NEW.direction, NEW.amount, NEW.proposed_by, NEW.expires_at)
     IS DISTINCT FROM (OLD.wallet_id, OLD.direction, OLD.amount, OLD.proposed_by, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'adjustment % was decided, or would change', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER adjustments_final BEFORE UPDATE ON adjustments
  FOR EACH ROW EXECUTE FUNCTION adjustments_are_decided_once();
CREATE TRIGGER adjustments_never_deleted BEFORE DELETE OR TRUNCATE ON adjustments
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
