-- A partition moves from one shard of the books to another while payments go on. Nothing of this is
-- used where all books are in one place.

-- Grows whenever this database begins or ends to keep a partition. A posting that knows another
-- version does not know where wallets are: it looks first.
ALTER TABLE partitions ADD COLUMN books_version bigint NOT NULL DEFAULT 0;
CREATE SEQUENCE books_versions;

-- How far each move has come, in the database that gives the partition and in the one that gets it.
-- Whoever carries on finds here where. A partition that is fenced has no row in `partitions`: nobody
-- can own it, and nobody decides about its wallets.
CREATE TABLE partition_moves (
  id          uuid PRIMARY KEY,
  partition   integer NOT NULL,
  direction   text NOT NULL CHECK (direction IN ('out', 'in')),
  other_shard integer NOT NULL,
  state       text NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT now(),
  -- What the partition's row in `partitions` said when it was fenced.
  lane        jsonb,
  fenced_at   timestamptz,
  -- All transactions below this one were seen by what has been copied.
  copied_below xid8,
  ended_at    timestamptz,
  CHECK (CASE direction WHEN 'out' THEN state IN ('copying', 'fenced', 'left', 'gone', 'called-off')
                        ELSE state IN ('copying', 'complete', 'open', 'called-off') END),
  CHECK ((ended_at IS NOT NULL) = (state IN ('gone', 'open', 'called-off')))
);
CREATE UNIQUE INDEX partition_moves_under_way ON partition_moves (partition)
  WHERE ended_at IS NULL;

-- A payment between two partitions that were in one shard and are in two now lies in both, and each
-- has the entries of its own wallets. These are the others, so that both know it as a whole.
CREATE TABLE entries_elsewhere (
  wallet_id      uuid NOT NULL,
  sequence       bigint NOT NULL,
  transaction_id uuid NOT NULL,
  currency       text NOT NULL,
  delta          bigint NOT NULL CHECK (delta <> 0),
  balance_after  bigint NOT NULL,
  created_at     timestamptz NOT NULL,
  PRIMARY KEY (wallet_id, sequence)
);
CREATE INDEX entries_elsewhere_by_transaction ON entries_elsewhere (transaction_id);
CREATE TRIGGER entries_elsewhere_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON entries_elsewhere
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- Whether the owner of the books says that it is moving a partition. The service can't say so: it
-- owns nothing here.
CREATE FUNCTION is_moving_partition() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('florin.moves_partition', true), '') = 'yes'
     AND pg_has_role(current_user, c.relowner, 'USAGE')
    FROM pg_class c WHERE c.oid = 'public.partitions'::regclass
$$;

-- As before, but for partitions that move: their rows are written once more elsewhere, and then
-- taken out here.
CREATE OR REPLACE FUNCTION books_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND public.is_moving_partition() THEN RETURN NULL; END IF;
  RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

-- One side of a payment comes alone when its wallet moves; what moved is compared as a whole.
CREATE OR REPLACE FUNCTION entries_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unbalanced uuid;
BEGIN
  IF public.is_moving_partition() THEN RETURN NULL; END IF;
  SELECT transaction_id INTO unbalanced
    FROM inserted GROUP BY transaction_id, currency HAVING sum(delta) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entries of transaction % do not sum to zero', unbalanced
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- As before, but for a copy that is brought up to date while its partition moves.
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
  IF public.is_moving_partition() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'transaction % is final or its facts would change', OLD.id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Where a payment departs from, and whom it asks, may both have moved before it is answered: the
-- account between them is named by the places that they have then.
CREATE OR REPLACE FUNCTION departures_are_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR
     (NEW.amount, NEW.currency) IS DISTINCT FROM (OLD.amount, OLD.currency)
  THEN
    RAISE EXCEPTION 'the departure of transaction % is settled or would change', OLD.transaction_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

-- What arrives from another shard has the id of its transaction with another version: 5 for 7, 6 for
-- 8. Both halves may lie in one shard after one of them has moved.
CREATE FUNCTION departed_id(arrival uuid) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT overlay(arrival::text PLACING translate(substr(arrival::text, 15, 1), '56', '78')
                 FROM 15 FOR 1)::uuid
$$;
CREATE FUNCTION arrived_id(transaction uuid) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT overlay(transaction::text PLACING translate(substr(transaction::text, 15, 1), '78', '56')
                 FROM 15 FOR 1)::uuid
$$;
