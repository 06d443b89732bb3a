-- Whoever wants to hear when the balance of a wallet crosses a line.
CREATE TABLE balance_monitors (
  id              uuid PRIMARY KEY,
  owner_id        uuid NOT NULL,
  wallet_id       uuid NOT NULL,
  direction       text NOT NULL CHECK (direction IN ('below', 'above')),
  threshold       bigint NOT NULL,
  created_at      timestamptz NOT NULL,
  -- Nothing that happened before counts: it was made, or its line moved, then.
  since           timestamptz NOT NULL,
  last_crossed_at timestamptz
);
CREATE INDEX balance_monitors_by_wallet ON balance_monitors (wallet_id);
CREATE INDEX balance_monitors_by_owner ON balance_monitors (owner_id, created_at, id);
