-- Transfers that are planned, and each time that one of them has come about.

CREATE TABLE schedules (
  id            uuid PRIMARY KEY,
  -- Owner of the paying wallet: the plan is theirs, whoever made it.
  owner_id      uuid NOT NULL,
  created_by    text NOT NULL,
  -- Of the request that made it: the same key with another body is refused.
  fingerprint   text NOT NULL,
  wallet_id     uuid NOT NULL,
  to_wallet_id  uuid NOT NULL,
  amount        bigint NOT NULL CHECK (amount > 0),
  currency      text NOT NULL,
  description   text,
  metadata      jsonb,
  -- Everything that says when, as the API has it: moments follow from it and a number alone.
  rule          jsonb NOT NULL,
  retries       integer NOT NULL CHECK (retries >= 0),
  every_seconds integer NOT NULL CHECK (every_seconds > 0),
  on_missed     text NOT NULL CHECK (on_missed IN ('all', 'latest', 'none')),
  status        text NOT NULL CHECK (status IN ('active', 'paused', 'finished', 'cancelled')),
  next_number   integer CHECK (next_number > 0),
  next_at       timestamptz,
  created_at    timestamptz NOT NULL,
  CHECK ((next_number IS NULL) = (next_at IS NULL)),
  CHECK (status <> 'active' OR next_at IS NOT NULL)
);
CREATE INDEX schedules_due ON schedules (next_at) WHERE status = 'active';
CREATE INDEX schedules_by_owner ON schedules (owner_id, created_at, id);
CREATE INDEX schedules_by_time ON schedules (created_at, id);

CREATE TABLE occurrences (
  schedule_id    uuid NOT NULL REFERENCES schedules,
  -- Its place in the plan. That it is there once is what makes it happen once.
  number         integer NOT NULL CHECK (number > 0),
  planned_for    timestamptz NOT NULL,
  status         text NOT NULL CHECK (
    status IN ('due', 'submitted', 'held', 'completed', 'refused', 'missed', 'cancelled')
  ),
  -- Each try is a transaction of its own, because what was refused stays refused.
  attempt        integer NOT NULL CHECK (attempt > 0),
  -- Of this attempt; follows from schedule, number and attempt.
  transaction_id uuid NOT NULL UNIQUE,
  -- As it was when it became due: sent again it says the same.
  amount         bigint NOT NULL CHECK (amount > 0),
  description    text,
  -- When somebody should send it: its time, the next try, or the end of the claim of a process.
  due_at         timestamptz NOT NULL,
  failures       jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (schedule_id, number)
) WITH (fillfactor = 80);
CREATE INDEX occurrences_open ON occurrences (due_at) WHERE status IN ('due', 'submitted');

-- What others are to be told, written with what happened.
CREATE TABLE outbox (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject  text NOT NULL,
  event    jsonb NOT NULL
);

-- assert: SELECT count(*) = 3 FROM pg_indexes WHERE indexname LIKE 'schedules_%' AND indexname <> 'schedules_pkey'
