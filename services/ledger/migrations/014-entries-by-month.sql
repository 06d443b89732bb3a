-- Entries lie in a table for each month (UTC) of their time, so that the months behind can be
-- archived and dropped, and the index that every posting writes to stays as small as a month.
-- Transactions stay in one table: the unique index on their ids is what makes them happen once.
--
-- The months lie in a schema of their own that the service has no right to: it reads and writes
-- `entries`, and nothing below.
CREATE SCHEMA entry_months;

ALTER TABLE entries RENAME TO entries_before;
CREATE TABLE entries (
  wallet_id      uuid NOT NULL,
  sequence       bigint NOT NULL,
  transaction_id uuid NOT NULL,
  currency       text NOT NULL,
  -- Positive = credit, negative = debit: the entries of a transaction sum to zero (I1).
  delta          bigint NOT NULL CHECK (delta <> 0),
  balance_after  bigint NOT NULL,
  created_at     timestamptz NOT NULL
) PARTITION BY RANGE (created_at);

-- Months whose entries are in the archive, and what the files must be like to be believed.
CREATE TABLE archived_months (
  month       date PRIMARY KEY CHECK (extract(day FROM month) = 1),
  file        text NOT NULL,
  bytes       bigint NOT NULL,
  sha256      text NOT NULL,
  -- Of the entries themselves, however they are written down.
  content     text NOT NULL,
  entries     bigint NOT NULL,
  archived_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER archived_months_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_months
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- What a wallet had when a month began, after `sequence` entries. Only where the month before it
-- changed that: the latest row at or before a month tells.
CREATE TABLE opening_balances (
  wallet_id uuid NOT NULL,
  month     date NOT NULL CHECK (extract(day FROM month) = 1),
  sequence  bigint NOT NULL CHECK (sequence > 0),
  balance   bigint NOT NULL,
  PRIMARY KEY (wallet_id, month)
);
CREATE TRIGGER opening_balances_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON opening_balances
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- Both sides of a transaction have their wallets' own times: at the end of a month one may lie in
-- it, and the other in the next. This is the archived part of such a transaction.
CREATE TABLE carried_entries (
  transaction_id uuid NOT NULL,
  month          date NOT NULL,
  currency       text NOT NULL,
  delta          bigint NOT NULL,
  entries        bigint NOT NULL,
  PRIMARY KEY (transaction_id, month, currency)
);
CREATE TRIGGER carried_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON carried_entries
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- Where the entries in these tables begin; those before are in the archive.
CREATE FUNCTION entries_begin() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce((max(month) + interval '1 month') AT TIME ZONE 'UTC', '-infinity')
    FROM archived_months
$$;

CREATE FUNCTION entry_month_name(month date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'entries_' || lpad(extract(year FROM month)::text, 4, '0')
         || '_' || lpad(extract(month FROM month)::text, 2, '0')
$$;

-- Triggers for statements belong to the table that the statement names: whoever wrote to a month
-- itself would pass by those of `entries`, so each month has its own.
CREATE FUNCTION guard_entries(part regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TRIGGER entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
       FOR EACH STATEMENT EXECUTE FUNCTION public.books_are_immutable()', part);
  EXECUTE format(
    'CREATE TRIGGER entries_balance AFTER INSERT ON %s REFERENCING NEW TABLE AS inserted
       FOR EACH STATEMENT EXECUTE FUNCTION public.entries_must_balance()', part);
END $$;

-- What comes in a month that nobody has made a table for. Money doesn't wait for a table; an
-- alert tells, and whoever makes the table moves the entries over.
CREATE TABLE entry_months.entries_unplanned (LIKE entries INCLUDING ALL);
ALTER TABLE entry_months.entries_unplanned ADD PRIMARY KEY (wallet_id, sequence);
ALTER TABLE entries ATTACH PARTITION entry_months.entries_unplanned DEFAULT;

-- Makes the table of a month. True when it wasn't there.
CREATE FUNCTION open_entry_month(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  part text := 'entry_months.' || entry_month_name(month);
  starts timestamptz := month::timestamp AT TIME ZONE 'UTC';
  ends timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF extract(day FROM month) <> 1 THEN
    RAISE EXCEPTION '% is not the first of a month', month;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('open_entry_month'));
  IF starts < entries_begin() OR to_regclass(part) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %s (LIKE entries INCLUDING ALL)', part);
  EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (wallet_id, sequence)', part);
  IF EXISTS (SELECT FROM entry_months.entries_unplanned
              WHERE created_at >= starts AND created_at < ends) THEN
    LOCK TABLE entry_months.entries_unplanned IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE entry_months.entries_unplanned DISABLE TRIGGER entries_immutable;
    EXECUTE format(
      'WITH moved AS (
         DELETE FROM entry_months.entries_unplanned
          WHERE created_at >= $1 AND created_at < $2 RETURNING *)
       INSERT INTO %s SELECT * FROM moved', part) USING starts, ends;
    ALTER TABLE entry_months.entries_unplanned ENABLE TRIGGER entries_immutable;
  END IF;
  PERFORM guard_entries(part::regclass);
  EXECUTE format('ALTER TABLE entries ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                 part, starts, ends);
  RETURN true;
END $$;

-- The months from some before this one to some after it. Answers how many were missing.
CREATE FUNCTION open_entry_months(first_month integer, last_month integer) RETURNS integer
LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT count(*) FILTER (WHERE open_entry_month(month))::integer
    FROM generate_series(first_month, last_month) AS away,
         LATERAL (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC')
                          + away * interval '1 month')::date AS month) AS months
$$;

-- What lies where no table was made for it, and for how many months from now on there is one.
CREATE FUNCTION entry_months_ahead(OUT unplanned bigint, OUT ahead integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*) FROM (SELECT FROM entry_months.entries_unplanned LIMIT 1000) AS found),
         (SELECT count(*)::integer FROM generate_series(1, 24) AS away
           WHERE to_regclass('entry_months.' || entry_month_name(
                   (date_trunc('month', now() AT TIME ZONE 'UTC')
                    + away * interval '1 month')::date)) IS NOT NULL)
$$;

-- The entries that are there go to their months.
SELECT open_entry_month(month::date) FROM (
  SELECT generate_series(date_trunc('month', min(created_at) AT TIME ZONE 'UTC'),
                         date_trunc('month', max(created_at) AT TIME ZONE 'UTC'),
                         interval '1 month') AS month
    FROM entries_before) AS months;
SELECT open_entry_months(0, 2);
INSERT INTO entries SELECT * FROM entries_before;
DROP TABLE entries_before;
SELECT guard_entries('entries'), guard_entries('entry_months.entries_unplanned');

-- As before, above what is archived; a month's table is asked only where the wallet has entries.
CREATE OR REPLACE FUNCTION last_sequence_at(wallet uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := archived_sequence(wallet);
  high bigint := coalesce((SELECT sequence FROM wallets WHERE id = wallet), 0);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT created_at FROM entries WHERE wallet_id = wallet AND sequence = middle) <= at THEN
      low := middle;
    ELSE
      high := middle - 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;

-- The last of a wallet's entries that is in the archive, 0 where none is.
CREATE FUNCTION archived_sequence(wallet uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT sequence FROM opening_balances
                    WHERE wallet_id = wallet AND month <= (entries_begin() AT TIME ZONE 'UTC')::date
                    ORDER BY month DESC LIMIT 1), 0)
$$;

-- What a wallet had after an entry that is not in the archive, or after the last that is.
CREATE FUNCTION balance_after_entry(wallet uuid, entry bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT balance_after FROM entries WHERE wallet_id = wallet AND sequence = entry),
    (SELECT balance FROM opening_balances WHERE wallet_id = wallet AND sequence = entry LIMIT 1),
    0)
$$;
