-- Books in several shards, each in a Postgres of its own. Where all wallets are in one, these tables
-- stay empty.

-- Payments to wallets of another shard: what is held for them until that one has answered.
CREATE TABLE departures (
  transaction_id uuid PRIMARY KEY,
  partition      integer NOT NULL,
  -- Both shards, the lower number first: the name of the account that the money passes through.
  pair           text NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  currency       text NOT NULL,
  departed_at    timestamptz NOT NULL,
  settled_at     timestamptz,
  credited       boolean,
  CHECK ((settled_at IS NULL) = (credited IS NULL))
);
-- Asked for again until there is an answer.
CREATE INDEX departures_open ON departures (partition, departed_at) WHERE settled_at IS NULL;

CREATE FUNCTION departures_are_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR
     (NEW.amount, NEW.currency, NEW.pair) IS DISTINCT FROM (OLD.amount, OLD.currency, OLD.pair)
  THEN
    RAISE EXCEPTION 'the departure of transaction % is settled or would change', OLD.transaction_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER departures_final BEFORE UPDATE ON departures
  FOR EACH ROW EXECUTE FUNCTION departures_are_settled_once();
CREATE TRIGGER departures_never_deleted BEFORE DELETE OR TRUNCATE ON departures
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- What was credited here for another shard, and which entry the account between them has of it.
CREATE TABLE arrivals (
  transaction_id   uuid PRIMARY KEY,
  pair             text NOT NULL,
  amount           bigint NOT NULL CHECK (amount > 0),
  currency         text NOT NULL,
  account_id       uuid NOT NULL,
  account_sequence bigint NOT NULL
);
CREATE TRIGGER arrivals_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON arrivals
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- An arrival has no event: the payer's lane tells it with the transaction that it is a part of.
ALTER TABLE transactions ALTER COLUMN event_sequence DROP NOT NULL;

ALTER TABLE wallets DROP CONSTRAINT wallets_kind_check, ADD CONSTRAINT wallets_kind_check
  CHECK (kind IN ('user', 'bank-clearing', 'fees', 'suspense', 'fx-position', 'rewards', 'transit'));
