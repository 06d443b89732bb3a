-- Files of payments. Their lines lie in pieces of up to a thousand: a row for each line would cost
-- more than the payments themselves (the decision says what was measured).

CREATE TABLE bulk_files (
  id           uuid PRIMARY KEY,
  owner_id     uuid NOT NULL,
  -- Machine clients pay from every wallet, people from their own.
  every_wallet boolean NOT NULL,
  status       text NOT NULL CHECK (
    status IN ('uploading', 'running', 'paused', 'completed', 'cancelled')
  ),
  bytes        bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  lines        integer NOT NULL DEFAULT 0 CHECK (lines >= 0),
  pieces       integer NOT NULL DEFAULT 0 CHECK (pieces >= 0),
  -- Of the pieces that are done.
  completed    integer NOT NULL DEFAULT 0,
  held         integer NOT NULL DEFAULT 0,
  failed       integer NOT NULL DEFAULT 0,
  invalid      integer NOT NULL DEFAULT 0,
  -- The end of the claim of the process that works on it.
  due_at       timestamptz NOT NULL,
  created_at   timestamptz NOT NULL,
  started_at   timestamptz,
  finished_at  timestamptz,
  CHECK (completed + held + failed + invalid <= lines),
  CHECK ((status IN ('completed', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX bulk_files_due ON bulk_files (due_at) WHERE status = 'running';
CREATE INDEX bulk_files_by_owner ON bulk_files (owner_id, created_at, id);
CREATE INDEX bulk_files_by_time ON bulk_files (created_at, id);

CREATE TABLE bulk_pieces (
  file_id    uuid NOT NULL REFERENCES bulk_files ON DELETE CASCADE,
  number     integer NOT NULL CHECK (number > 0),
  first_line integer NOT NULL CHECK (first_line > 0),
  lines      integer NOT NULL CHECK (lines > 0),
  -- SHA-256 of what was uploaded: the same key with another file is refused.
  digest     bytea NOT NULL,
  -- Whole lines as they came, until they have results.
  content    text,
  -- NDJSON, a line for each line. Written once, with the counts of the file.
  results    text,
  PRIMARY KEY (file_id, number),
  CHECK ((content IS NULL) = (results IS NOT NULL))
);
CREATE INDEX bulk_pieces_open ON bulk_pieces (file_id, number) WHERE results IS NULL;

-- assert: SELECT count(*) = 2 FROM pg_tables WHERE tablename LIKE 'bulk_%'
