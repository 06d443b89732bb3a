-- One row is one saga: a deposit or a withdrawal on its way through an external bank.

CREATE TABLE payments (
  -- Also the idempotency key that the bank knows the payment by.
  transaction_id uuid PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('charge', 'payout')),
  bank           text NOT NULL,
  account        text NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  currency       text NOT NULL,
  wallet_id      uuid NOT NULL,
  state          text NOT NULL CHECK (
    state IN ('requested', 'asked', 'unknown', 'settled', 'declined', 'abandoned', 'done')
  ),
  -- Grows with every claim and every change: whoever writes must name the version it has read, so
  -- that a process whose claim has ended can't overwrite what its successor found out.
  version        integer NOT NULL DEFAULT 0,
  attempts       integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  rounds         integer NOT NULL DEFAULT 0 CHECK (rounds >= 0),
  -- When somebody should take this payment up: the next attempt, or the end of the claim of the
  -- process that works on it now. Hence a claim needs no second time stamp and no cleaning up.
  due_at         timestamptz NOT NULL DEFAULT now(),
  claimed_by     text,
  exposed_at     timestamptz,
  deadline_at    timestamptz,
  failure_code   text,
  bank_reference text,
  announced      boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CHECK ((state IN ('declined', 'abandoned')) <= (failure_code IS NOT NULL)),
  CHECK ((state = 'settled') <= (failure_code IS NULL))
) WITH (fillfactor = 70);

-- Both queues hold open payments only, so they stay small however long the history gets.
CREATE INDEX payments_waiting_for_bank ON payments (bank, due_at)
  WHERE state IN ('requested', 'asked', 'unknown');
CREATE INDEX payments_waiting_for_ledger ON payments (due_at)
  WHERE state IN ('settled', 'declined', 'abandoned');

-- What happened to each payment, for people who have to explain it later.
CREATE TABLE payment_history (
  transaction_id uuid NOT NULL,
  version        integer NOT NULL,
  at             timestamptz NOT NULL DEFAULT now(),
  from_state     text NOT NULL,
  answer         text NOT NULL,
  to_state       text NOT NULL,
  worker         text NOT NULL,
  PRIMARY KEY (transaction_id, version)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME;
END;
$$;

CREATE TRIGGER payment_history_insert_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_history
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- assert: SELECT count(*) = 2 FROM pg_indexes WHERE indexname LIKE 'payments_waiting_for_%'
