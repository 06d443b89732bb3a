-- Somebody asks somebody else to be paid.

CREATE TABLE payment_requests (
  id             uuid PRIMARY KEY,
  requester_id   uuid NOT NULL,
  -- NULL where nobody has the e-mail that was written, which its writer must not learn.
  payer_id       uuid,
  -- The e-mail: keyed hash to count by, and sealed for its writer to read again.
  payer_key      text NOT NULL,
  sealed_email   bytea,
  fingerprint    text NOT NULL,
  to_wallet_id   uuid NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  currency       text NOT NULL,
  description    text,
  status         text NOT NULL CHECK (
    status IN ('open', 'processing', 'accepted', 'declined', 'cancelled', 'expired')
  ),
  -- Of the latest try to pay it: each is a transaction of its own.
  attempt        integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  transaction_id uuid UNIQUE,
  failure_code   text,
  -- While it is processed: when the same order is sent again.
  due_at         timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  created_at     timestamptz NOT NULL,
  CHECK (status NOT IN ('processing', 'accepted') OR transaction_id IS NOT NULL)
);
CREATE INDEX payment_requests_by_requester ON payment_requests (requester_id, created_at, id);
CREATE INDEX payment_requests_by_payer ON payment_requests (payer_id, created_at, id);
CREATE INDEX payment_requests_by_time ON payment_requests (created_at, id);
CREATE INDEX payment_requests_open ON payment_requests (expires_at) WHERE status = 'open';
CREATE INDEX payment_requests_processing ON payment_requests (due_at) WHERE status = 'processing';

-- Each try to pay one, so that the same key always finds the same order.
CREATE TABLE payment_request_attempts (
  request_id uuid NOT NULL REFERENCES payment_requests,
  attempt    integer NOT NULL CHECK (attempt > 0),
  client_id  text NOT NULL,
  key        text NOT NULL,
  order_body jsonb NOT NULL,
  PRIMARY KEY (request_id, attempt),
  UNIQUE (request_id, client_id, key)
);

-- assert: SELECT count(*) = 2 FROM pg_tables WHERE tablename LIKE 'payment_request%'
