-- The books. Money is int8 in minor units. There are no foreign keys in the hot tables: their
-- triggers run row by row and double the cost of a posting; the posting compares row counts instead
-- and the invariants are checked live (docs/INVARIANTS.md).

CREATE TABLE partitions (
  partition          integer PRIMARY KEY,
  epoch              bigint NOT NULL DEFAULT 0,
  owner              text,
  -- Sequence of the last message of the lane that was decided, and the id that message carried.
  position           bigint NOT NULL DEFAULT 0,
  position_message   text,
  -- Creation time of the stream that `position` counts in. Another stream, another meaning.
  stream_created_at  text,
  -- The last event numbered, and the last event known to be in the event stream.
  event_sequence     bigint NOT NULL DEFAULT 0,
  published_sequence bigint NOT NULL DEFAULT 0,
  halted_reason      text,
  CHECK (published_sequence <= event_sequence)
) WITH (fillfactor = 20);

CREATE TABLE lease_members (
  owner   text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

CREATE TABLE wallets (
  id              uuid PRIMARY KEY,
  partition       integer NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('user', 'bank-clearing')),
  owner_id        uuid,
  name            text NOT NULL,
  currency        text NOT NULL,
  status          text NOT NULL CHECK (status IN ('active', 'frozen', 'closed')),
  posted          bigint NOT NULL DEFAULT 0,
  held            bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  overdraft_limit bigint NOT NULL DEFAULT 0 CHECK (overdraft_limit >= 0),
  -- Number of entries so far: the next one is sequence + 1.
  sequence        bigint NOT NULL DEFAULT 0,
  version         bigint NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  CHECK ((kind = 'user') = (owner_id IS NOT NULL)),
  -- I3, the last line: whatever the code decided, no wallet falls below its limit.
  CONSTRAINT wallets_available_within_limit CHECK (posted - held >= -overdraft_limit),
  CONSTRAINT wallets_closed_is_empty CHECK (status <> 'closed' OR (posted = 0 AND held = 0))
) WITH (fillfactor = 60);
CREATE INDEX wallets_by_owner ON wallets (owner_id, id) WHERE owner_id IS NOT NULL;

CREATE TABLE transactions (
  id                     uuid PRIMARY KEY,          -- I4: one outcome per id
  partition              integer NOT NULL,
  event_sequence         bigint NOT NULL,
  type                   text NOT NULL,
  status                 text NOT NULL
    CHECK (status IN ('pending', 'held', 'completed', 'failed', 'reversed')),
  wallet_id              uuid NOT NULL,
  counterparty_wallet_id uuid,
  amount                 bigint NOT NULL CHECK (amount > 0),
  currency               text NOT NULL,
  client_id              text NOT NULL,
  body_hash              text NOT NULL,
  origin                 text NOT NULL,
  failure_code           text,
  -- Which entries it made: (wallet_id, wallet_sequence) and (counterparty…, counterparty_sequence).
  wallet_sequence        bigint,
  counterparty_sequence  bigint,
  -- Balances of wallet_id right after the last decision, for answers that never change.
  wallet_posted          bigint NOT NULL,
  wallet_held            bigint NOT NULL,
  bank_account           text,
  description            text,
  metadata               jsonb,
  created_at             timestamptz NOT NULL,
  completed_at           timestamptz,
  CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
  CHECK ((status IN ('completed', 'failed', 'reversed')) = (completed_at IS NOT NULL))
) WITH (fillfactor = 100);
-- Events are rebuilt from here after a crash, in order.
CREATE UNIQUE INDEX transactions_by_event ON transactions (partition, event_sequence);
-- A wallet's completed transactions are found through its entries; the few others through this.
CREATE INDEX transactions_without_entries ON transactions (wallet_id, created_at)
  WHERE status IN ('pending', 'held', 'failed');

CREATE TABLE entries (
  wallet_id      uuid NOT NULL,
  sequence       bigint NOT NULL,
  transaction_id uuid NOT NULL,
  currency       text NOT NULL,
  -- Positive = credit, negative = debit: the entries of a transaction sum to zero (I1).
  delta          bigint NOT NULL CHECK (delta <> 0),
  balance_after  bigint NOT NULL,
  created_at     timestamptz NOT NULL,
  PRIMARY KEY (wallet_id, sequence)                 -- I5: no sequence twice
);

CREATE TABLE holds (
  transaction_id uuid PRIMARY KEY,
  wallet_id      uuid NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  captured       bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
  released       bigint NOT NULL DEFAULT 0 CHECK (released >= 0),
  placed_at      timestamptz NOT NULL,
  settled_at     timestamptz,
  -- I7: never more than was held, and nothing after it is settled.
  CHECK (captured + released <= amount)
);
CREATE INDEX holds_by_wallet ON holds (wallet_id, placed_at);

-- Events that no row tells for ever: of what is still open, of what changed later, of wallets. Their
-- text is kept as it went out (json, not jsonb, which would reorder it).
CREATE TABLE stored_events (
  partition integer NOT NULL,
  sequence  bigint NOT NULL,
  name      text NOT NULL,
  envelope  json NOT NULL,
  PRIMARY KEY (partition, sequence)
);

CREATE TABLE dead_letters (
  partition       integer NOT NULL,
  stream_sequence bigint NOT NULL,
  item            integer NOT NULL,   -- place in the message; 0 also stands for the whole message
  reason          text NOT NULL,
  body            bytea NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partition, stream_sequence, item)
);

-- The sequence of a wallet's last entry at or before a time, 0 when there is none. Sequences have no
-- gaps and times grow with them, so the place is found by halving: 20 look-ups in a million entries.
CREATE FUNCTION last_sequence_at(wallet uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := coalesce((SELECT sequence FROM wallets WHERE id = wallet), 0);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT created_at FROM entries WHERE wallet_id = wallet AND sequence = middle) <= at THEN
      low := middle;
    ELSE
      high := middle - 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;

-- I1 in the schema: the entries that one statement inserts sum to zero per transaction and
-- currency. A posting inserts all entries of a transaction in one statement.
CREATE FUNCTION entries_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unbalanced uuid;
BEGIN
  SELECT transaction_id INTO unbalanced
    FROM inserted GROUP BY transaction_id, currency HAVING sum(delta) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entries of transaction % do not sum to zero', unbalanced
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_balance AFTER INSERT ON entries
  REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION entries_must_balance();

-- What is written in the books stays written.
CREATE FUNCTION books_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
CREATE TRIGGER transactions_never_deleted BEFORE DELETE OR TRUNCATE ON transactions
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- I4 in the schema: a final status is final, and what was asked never changes.
CREATE FUNCTION outcomes_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status NOT IN ('pending', 'held') OR
     (NEW.amount, NEW.wallet_id, NEW.type, NEW.body_hash, NEW.event_sequence)
     IS DISTINCT FROM (OLD.amount, OLD.wallet_id, OLD.type, OLD.body_hash, OLD.event_sequence)
  THEN
    RAISE EXCEPTION 'transaction % is final or its facts would change', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER transactions_final BEFORE UPDATE ON transactions
  FOR EACH ROW EXECUTE FUNCTION outcomes_are_final();
