-- How much may leave a wallet, in minor units of its currency; none where they are NULL. What has
-- left it counts for the UTC day and month of changed_at: every change of the row begins anew what
-- is over by then.
ALTER TABLE wallets
  ADD COLUMN limit_transaction bigint,
  ADD COLUMN limit_day bigint,
  ADD COLUMN limit_month bigint,
  ADD COLUMN spent_day bigint NOT NULL DEFAULT 0 CHECK (spent_day >= 0),
  ADD COLUMN spent_month bigint NOT NULL DEFAULT 0 CHECK (spent_month >= 0),
  ADD CONSTRAINT wallets_limits_together
    CHECK (num_nulls(limit_transaction, limit_day, limit_month) IN (0, 3));
