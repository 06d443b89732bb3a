-- What banks say they have booked, and our clearing accounts beside it.

-- One row is our account at a bank, in one currency. Whoever compares it holds its lock.
CREATE TABLE bank_accounts (
  bank            text NOT NULL,
  currency        text NOT NULL,
  -- Up to then the statements are here without a gap, and the entries of the books.
  statement_until timestamptz,
  books_until     timestamptz,
  -- As the bank counts: what it holds for us is more than 0.
  book_balance    bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (bank, currency)
);

-- The latest statement of each day. One that comes later for a day takes its place.
CREATE TABLE bank_statements (
  id           uuid PRIMARY KEY,
  bank         text NOT NULL,
  currency     text NOT NULL,
  day          date NOT NULL,
  from_at      timestamptz NOT NULL,
  to_at        timestamptz NOT NULL,
  complete     boolean NOT NULL,
  opening      bigint NOT NULL,
  closing      bigint NOT NULL,
  entries      integer NOT NULL CHECK (entries >= 0),
  content_hash text NOT NULL,
  source       text NOT NULL CHECK (source IN ('fetched', 'uploaded')),
  imported_by  text,
  -- In whole milliseconds, as pages name their end.
  imported_at  timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  UNIQUE (bank, currency, day),
  FOREIGN KEY (bank, currency) REFERENCES bank_accounts,
  CHECK (from_at <= to_at),
  CHECK ((source = 'uploaded') = (imported_by IS NOT NULL))
);
CREATE INDEX bank_statements_by_import ON bank_statements (imported_at, id);

-- A difference, worked as a case. What it is about never changes, and a resolution ends it: but for
-- one whose other side came, and went again.
CREATE TABLE statement_breaks (
  id             uuid PRIMARY KEY,
  bank           text NOT NULL,
  currency       text NOT NULL,
  kind           text NOT NULL CHECK (
    kind IN ('missing-here', 'missing-there', 'different-amount', 'duplicate')
  ),
  status         text NOT NULL DEFAULT 'open' CHECK (
    status IN ('open', 'proposed', 'rejected', 'resolved')
  ),
  reference      text,
  wallet_id      uuid,
  sequence       bigint,
  transaction_id uuid,
  end_to_end_id  text,
  bank_amount    bigint,
  book_amount    bigint,
  difference     bigint NOT NULL,
  booked_at      timestamptz NOT NULL,
  found_at       timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  -- Proposals so far: each has an adjustment of its own.
  round          integer NOT NULL DEFAULT 0,
  action         text CHECK (action IN ('correct', 'explain')),
  note           text,
  proposed_by    uuid,
  proposed_at    timestamptz,
  adjustment_id  uuid UNIQUE,
  expires_at     timestamptz,
  decided_by     uuid,
  decided_at     timestamptz,
  decision_note  text,
  resolution     text CHECK (resolution IN ('corrected', 'explained', 'matched')),
  resolved_at    timestamptz,
  FOREIGN KEY (bank, currency) REFERENCES bank_accounts,
  CHECK (difference = coalesce(bank_amount, 0) - coalesce(book_amount, 0)),
  CHECK ((kind = 'missing-there') = (bank_amount IS NULL)),
  CHECK ((kind IN ('missing-here', 'duplicate')) = (book_amount IS NULL)),
  CHECK ((reference IS NULL) = (bank_amount IS NULL)),
  CHECK ((wallet_id IS NULL) = (book_amount IS NULL)),
  CHECK ((status = 'resolved') = (resolution IS NOT NULL)),
  CHECK ((resolution IS NULL) = (resolved_at IS NULL)),
  CHECK ((proposed_by IS NULL) = (action IS NULL) AND (proposed_by IS NULL) = (round = 0)),
  CHECK ((action = 'correct') = (adjustment_id IS NOT NULL)),
  CHECK (status <> 'proposed' OR decided_by IS NULL),
  CHECK (status <> 'rejected' OR decided_by IS NOT NULL),
  CHECK (resolution IN ('corrected', 'explained') <= (decided_by IS NOT NULL)),
  -- Four eyes, the last line: whatever the code decided.
  CONSTRAINT breaks_four_eyes CHECK (decided_by <> proposed_by)
);
CREATE INDEX breaks_by_age ON statement_breaks (found_at, id);
CREATE INDEX breaks_unresolved ON statement_breaks (bank, currency, found_at)
  WHERE status <> 'resolved';

CREATE FUNCTION breaks_end_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.resolution IN ('corrected', 'explained') OR
     (NEW.bank, NEW.currency, NEW.kind, NEW.reference, NEW.wallet_id, NEW.sequence, NEW.difference)
     IS DISTINCT FROM
     (OLD.bank, OLD.currency, OLD.kind, OLD.reference, OLD.wallet_id, OLD.sequence, OLD.difference)
  THEN
    RAISE EXCEPTION 'break % was resolved, or would become another one', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER breaks_final BEFORE UPDATE ON statement_breaks
  FOR EACH ROW EXECUTE FUNCTION breaks_end_once();
CREATE TRIGGER breaks_never_deleted BEFORE DELETE OR TRUNCATE ON statement_breaks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was done about each break, by whom.
CREATE TABLE break_steps (
  break_id uuid NOT NULL REFERENCES statement_breaks,
  number   integer GENERATED ALWAYS AS IDENTITY,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  step     text NOT NULL CHECK (
    step IN ('found', 'proposed', 'approved', 'rejected', 'matched', 'reopened')
  ),
  by       uuid,
  action   text,
  note     text,
  PRIMARY KEY (break_id, number)
);
CREATE TRIGGER break_steps_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON break_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Entries of the clearing accounts, as the ledger tells them. Gap-free by their sequence.
CREATE TABLE book_entries (
  wallet_id      uuid NOT NULL,
  sequence       bigint NOT NULL CHECK (sequence > 0),
  bank           text NOT NULL,
  currency       text NOT NULL,
  transaction_id uuid NOT NULL,
  -- What the bank knows it by: of what goes back the id of what came.
  end_to_end_id  text NOT NULL,
  amount         bigint NOT NULL CHECK (amount <> 0),
  booked_at      timestamptz NOT NULL,
  -- A correction is the end of a break, and has no other side.
  state          text NOT NULL CHECK (state IN ('waiting', 'matched', 'broken', 'correction')),
  break_id       uuid REFERENCES statement_breaks,
  PRIMARY KEY (wallet_id, sequence),
  FOREIGN KEY (bank, currency) REFERENCES bank_accounts,
  CHECK ((state = 'broken') <= (break_id IS NOT NULL))
);
CREATE INDEX book_entries_unmatched ON book_entries (bank, currency)
  WHERE state IN ('waiting', 'broken');

-- Entries of the latest statements.
CREATE TABLE bank_entries (
  bank          text NOT NULL,
  currency      text NOT NULL,
  reference     text NOT NULL,
  statement_id  uuid NOT NULL REFERENCES bank_statements,
  end_to_end_id text,
  amount        bigint NOT NULL CHECK (amount <> 0),
  booked_at     timestamptz NOT NULL,
  valued_at     timestamptz NOT NULL,
  state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'matched', 'broken')),
  wallet_id     uuid,
  sequence      bigint,
  break_id      uuid REFERENCES statement_breaks,
  PRIMARY KEY (bank, currency, reference),
  FOREIGN KEY (wallet_id, sequence) REFERENCES book_entries,
  -- One entry of the books is matched with one of the bank.
  UNIQUE (wallet_id, sequence),
  CHECK ((state = 'matched') = (wallet_id IS NOT NULL)),
  CHECK ((wallet_id IS NULL) = (sequence IS NULL)),
  CHECK ((state = 'broken') <= (break_id IS NOT NULL))
);
CREATE INDEX bank_entries_by_statement ON bank_entries (statement_id, booked_at, reference);
CREATE INDEX bank_entries_unmatched ON bank_entries (bank, currency)
  WHERE state IN ('waiting', 'broken');
CREATE INDEX bank_entries_by_id ON bank_entries (bank, currency, end_to_end_id);

-- assert: SELECT count(*) = 2 FROM pg_indexes WHERE indexname LIKE '%_entries_unmatched'
