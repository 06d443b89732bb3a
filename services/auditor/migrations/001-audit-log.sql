-- The audit log: every event of the platform as a link of a chain, and what the continuous
-- reconciliation knows of the books from the events alone.

-- The streams that are followed. Position and records commit together, so nothing is lost or
-- doubled by a crash; the epoch of the lease keeps a process out that has slept through its own.
CREATE TABLE sources (
  partition         integer PRIMARY KEY,
  stream            text NOT NULL UNIQUE,
  epoch             bigint NOT NULL DEFAULT 0,
  owner             text,
  position          bigint NOT NULL DEFAULT 0,
  -- Creation time of the stream that `position` counts in.
  stream_created_at text,
  -- When the last message was stored in the stream, and how many waited behind it.
  message_at        timestamptz,
  pending           bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO sources (partition, stream) VALUES (0, 'EVT'), (1, 'AUDIT'), (2, 'IDN'), (3, 'RSK');

CREATE TABLE lease_members (
  owner   text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

-- The end of each chain. `source_sequence` is the sequence that the producer gave, where it counts.
CREATE TABLE chains (
  chain           text PRIMARY KEY,
  place           bigint NOT NULL CHECK (place > 0),
  source_sequence bigint NOT NULL,
  hash            bytea NOT NULL CHECK (length(hash) = 32)
) WITH (fillfactor = 20);

-- One event each. Only `body` is evidence: the columns beside it are read out of it, so that it can
-- be found, and a verification compares them.
CREATE TABLE records (
  chain          text NOT NULL,
  place          bigint NOT NULL,
  event_id       text NOT NULL,
  type           text NOT NULL,
  actor          text,
  transaction_id uuid,
  at             timestamptz NOT NULL,
  body           text NOT NULL,
  hash           bytea NOT NULL,
  PRIMARY KEY (chain, place),
  -- An event that comes again is no second one.
  UNIQUE (chain, event_id)
);
CREATE INDEX records_by_transaction ON records (transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX records_by_time ON records (at, chain, place);
CREATE INDEX records_by_type ON records (type, at, chain, place);
CREATE INDEX records_by_actor ON records (actor, at, chain, place) WHERE actor IS NOT NULL;

-- The ends of all chains at a time, signed. `document` is what was signed, to the byte.
CREATE TABLE roots (
  number    bigint PRIMARY KEY CHECK (number > 0),
  at        timestamptz NOT NULL,
  document  text NOT NULL,
  key_id    text NOT NULL,
  signature bytea NOT NULL
);

-- What was found to be wrong. A break that is found again is the same one.
CREATE TABLE breaks (
  key       text PRIMARY KEY,
  invariant text NOT NULL,
  detail    text NOT NULL,
  found_at  timestamptz NOT NULL DEFAULT now()
);

-- Wallets as their entries say, up to the last entry without a gap before it.
CREATE TABLE wallet_books (
  wallet_id uuid PRIMARY KEY,
  currency  text NOT NULL,
  -- Somebody's: it has no overdraft. Accounts of the platform were never opened by an event.
  owned     boolean NOT NULL,
  sequence  bigint NOT NULL,
  balance   bigint NOT NULL,
  lowest    bigint NOT NULL
) WITH (fillfactor = 60);

-- Entries whose predecessor has not come yet: it travels in another partition.
CREATE TABLE waiting_entries (
  wallet_id      uuid NOT NULL,
  sequence       bigint NOT NULL,
  currency       text NOT NULL,
  delta          bigint NOT NULL,
  balance_after  bigint NOT NULL,
  transaction_id uuid NOT NULL,
  seen_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (wallet_id, sequence)
);
CREATE INDEX waiting_entries_by_age ON waiting_entries (seen_at);

CREATE TABLE currency_totals (
  currency text PRIMARY KEY,
  -- Of all entries of all wallets: anything but 0 is money out of nothing.
  total    bigint NOT NULL,
  entries  bigint NOT NULL
) WITH (fillfactor = 20);

CREATE FUNCTION log_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER records_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON records
  FOR EACH STATEMENT EXECUTE FUNCTION log_is_immutable();
CREATE TRIGGER roots_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON roots
  FOR EACH STATEMENT EXECUTE FUNCTION log_is_immutable();
CREATE TRIGGER breaks_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON breaks
  FOR EACH STATEMENT EXECUTE FUNCTION log_is_immutable();
CREATE TRIGGER chains_never_deleted BEFORE DELETE OR TRUNCATE ON chains
  FOR EACH STATEMENT EXECUTE FUNCTION log_is_immutable();

-- A chain only grows.
CREATE FUNCTION chains_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.chain <> OLD.chain OR NEW.place <= OLD.place THEN
    RAISE EXCEPTION 'chain % can not go back', OLD.chain USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER chains_grow BEFORE UPDATE ON chains
  FOR EACH ROW EXECUTE FUNCTION chains_only_grow();
