-- What is known of a payment at a provider whose idempotency keys end after a day.
ALTER TABLE payments
  -- When the first request was about to leave: what came of it is looked for from then on.
  ADD COLUMN first_asked_at     timestamptz,
  -- What the provider calls it: from its answer, or from the first webhook that tells of it.
  ADD COLUMN provider_reference text,
  -- How many keys it has refused the order under.
  ADD COLUMN provider_keys      integer NOT NULL DEFAULT 0;

-- assert: SELECT count(*) = 0 FROM payments WHERE provider_keys > 0

-- What a person was given to prove an account with: who brings it back must be the same.
CREATE TABLE link_tokens (
  token_hash bytea PRIMARY KEY,
  owner_id   uuid NOT NULL,
  bank       text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX link_tokens_by_end ON link_tokens (expires_at);

-- Accounts of people at banks, as the provider of links has proven them.
CREATE TABLE linked_accounts (
  id                uuid PRIMARY KEY,
  owner_id          uuid NOT NULL,
  bank              text NOT NULL,
  institution       text NOT NULL,
  name              text NOT NULL,
  mask              text NOT NULL,
  public_token_hash bytea NOT NULL UNIQUE,
  -- What the bank knows it by, and what the link is ended with: sealed, and gone once it is removed
  -- and no payment needs it any more.
  sealed            bytea,
  -- In whole milliseconds, as pages name their end.
  created_at        timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
  removed_at        timestamptz,
  CHECK (sealed IS NOT NULL OR removed_at IS NOT NULL)
);
CREATE INDEX linked_accounts_of_owner ON linked_accounts (owner_id, created_at DESC, id DESC)
  WHERE removed_at IS NULL;
CREATE INDEX linked_accounts_to_forget ON linked_accounts (removed_at)
  WHERE removed_at IS NOT NULL AND sealed IS NOT NULL;
