-- The tables that the leases need, as a service that owns partitions makes them.
CREATE TABLE partitions (
  partition int PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0,
  owner text
);

CREATE TABLE lease_members (
  owner text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

INSERT INTO partitions (partition) SELECT generate_series(0, 15);

-- assert: SELECT count(*) = 16 FROM partitions
