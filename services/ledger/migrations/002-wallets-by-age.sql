-- Wallets are listed newest first. Their ids don't tell: one that a client's key stands for is as
-- random as that key.
DROP INDEX wallets_by_owner;
CREATE INDEX wallets_by_owner ON wallets (owner_id, created_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX wallets_by_age ON wallets (created_at, id) WHERE owner_id IS NOT NULL;
