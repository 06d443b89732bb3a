-- Orders that were answered with 202: promised, so they outlive a crash of this process and a loss
-- in the stream. They are sent again until the ledger knows the transaction.
CREATE TABLE submissions (
  transaction_id uuid PRIMARY KEY,
  body_hash      text        NOT NULL,
  request_id     text        NOT NULL,
  -- The order as it is sent: the wire format of the lane.
  transaction_order jsonb    NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  -- When to look after it next. Whoever claims it moves this into the future.
  due_at         timestamptz NOT NULL,
  attempts       int         NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  resolved_at    timestamptz
);

CREATE INDEX submissions_open ON submissions (due_at) WHERE resolved_at IS NULL;
CREATE INDEX submissions_resolved ON submissions (resolved_at) WHERE resolved_at IS NOT NULL;

-- What a client's key was used for where one request is many transactions. The transactions are
-- protected by the ledger one by one; this tells whether the whole list is the same.
CREATE TABLE bulk_requests (
  bulk_id     uuid PRIMARY KEY,
  fingerprint text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX bulk_requests_age ON bulk_requests (created_at);

-- assert: SELECT count(*) = 2 FROM pg_tables WHERE tablename IN ('submissions', 'bulk_requests')
