-- What turned out about transactions. `told` is false until the stream of labels has it: profiles
-- learn from there. The source may change its mind; then it is told anew.
CREATE TABLE labels (
  transaction_id         uuid NOT NULL,
  source                 text NOT NULL CHECK (source IN ('chargeback', 'report', 'review')),
  label                  text NOT NULL CHECK (label IN ('fraud', 'legitimate')),
  wallet_id              uuid NOT NULL,
  counterparty_wallet_id uuid,
  device_id              text,
  address                text,
  reported_by            text NOT NULL,
  labelled_at            timestamptz NOT NULL,
  told                   boolean NOT NULL DEFAULT false,
  PRIMARY KEY (transaction_id, source)
);

CREATE INDEX labels_untold ON labels (labelled_at) WHERE NOT told;

-- All profiles as they were after the messages that `positions` names, compressed, in pieces.
CREATE TABLE snapshots (
  generation      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  taken_at        timestamptz NOT NULL,
  feature_version text NOT NULL,
  positions       jsonb NOT NULL,
  profiles        int NOT NULL
);

CREATE TABLE snapshot_chunks (
  generation bigint NOT NULL REFERENCES snapshots ON DELETE CASCADE,
  chunk      int NOT NULL,
  bytes      bytea NOT NULL,
  PRIMARY KEY (generation, chunk)
);
-- They are compressed already.
ALTER TABLE snapshot_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Profiles of wallets that were idle for long, as they were when the snapshot of their generation
-- was taken: that snapshot and those after it are without them.
CREATE TABLE parked_profiles (
  wallet_id       uuid PRIMARY KEY,
  generation      bigint NOT NULL,
  feature_version text NOT NULL,
  cells           bytea NOT NULL
);

CREATE INDEX parked_profiles_by_generation ON parked_profiles (generation);
