-- Which process scores which lane, and how far it is: everything up to `position` (a sequence of
-- the stream created at `stream_created_at`) is answered in the ready lane and stored below.
CREATE TABLE partitions (
  partition         int PRIMARY KEY,
  epoch             bigint NOT NULL DEFAULT 0,
  owner             text,
  position          bigint NOT NULL DEFAULT 0,
  stream_created_at text
);

CREATE TABLE lease_members (
  owner   text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

-- The names that the numbers of `decisions.features` stand for, by version.
CREATE TABLE feature_sets (
  version text PRIMARY KEY,
  names   text[] NOT NULL
);

-- Every decision with all that it was made of, so that it can be made again.
CREATE TABLE decisions (
  transaction_id         uuid PRIMARY KEY,
  wallet_id              uuid NOT NULL,
  counterparty_wallet_id uuid,
  -- Keyed hashes out of the order's context: a report names them, so that profiles learn.
  device_id              text,
  address                text,
  decided_at             timestamptz NOT NULL,
  decision               text NOT NULL CHECK (decision IN ('approve', 'review', 'block')),
  mode                   text NOT NULL CHECK (mode IN ('enforce', 'shadow')),
  score                  double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
  logit                  double precision NOT NULL,
  model_version          text NOT NULL,
  feature_version        text NOT NULL REFERENCES feature_sets,
  -- Null where there are none: most payments are simply approved.
  reasons                jsonb,
  challengers            jsonb,
  -- 32-bit floats, little endian, in the order of the feature set.
  features               bytea NOT NULL,
  position               bigint NOT NULL
);

CREATE INDEX decisions_by_time ON decisions (decided_at DESC, transaction_id DESC);
CREATE INDEX decisions_by_wallet ON decisions (wallet_id, decided_at DESC, transaction_id DESC);
CREATE INDEX decisions_not_approved ON decisions (decision, decided_at DESC, transaction_id DESC)
  WHERE decision <> 'approve';
