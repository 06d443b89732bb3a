-- What payments cost. A schedule changes as a whole, and every version is kept: a transaction names
-- the one that it was charged by. json, not jsonb: it is read as a whole, as it was written.
CREATE TABLE fee_schedules (
  version    integer PRIMARY KEY CHECK (version > 0),
  rules      json NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  note       text
);
CREATE TRIGGER fee_schedules_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_schedules
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- What a transaction costs, fixed when it was asked for. Beside the transactions, not in them: where
-- nothing costs anything nobody pays for the column. Paid when and if the transaction is completed.
CREATE TABLE fees (
  transaction_id   uuid PRIMARY KEY,
  amount           bigint NOT NULL CHECK (amount > 0),
  paid_by          text NOT NULL CHECK (paid_by IN ('sender', 'recipient')),
  schedule_version integer NOT NULL
);
CREATE TRIGGER fees_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON fees
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
