-- What is personal is sealed: AES-256-GCM under a key per user, which is itself wrapped by a master
-- key that the database never sees. Destroying a user's key erases the person from this database,
-- its replicas and its backups at once. `email_index` is an HMAC: it finds an address without
-- holding it.
--
-- The plain columns stay for one version: rows of before are sealed when identity starts, and the
-- check at the end of that says that none is left.
ALTER TABLE users
  ALTER COLUMN email DROP NOT NULL,
  ALTER COLUMN name DROP NOT NULL,
  ALTER COLUMN password_hash DROP NOT NULL,
  ADD COLUMN email_index bytea UNIQUE CHECK (octet_length(email_index) = 32),
  ADD COLUMN email_sealed bytea,
  ADD COLUMN name_sealed bytea,
  ADD COLUMN email_verified_at timestamptz,
  ADD COLUMN password_changed_at timestamptz,
  ADD COLUMN totp_sealed bytea,
  ADD COLUMN totp_enabled_at timestamptz,
  ADD COLUMN totp_last_step bigint,
  ADD COLUMN legal_hold_at timestamptz,
  ADD COLUMN erase_after timestamptz,
  ADD COLUMN erased_at timestamptz,
  ADD CONSTRAINT users_sealed_or_plain CHECK (
    erased_at IS NOT NULL
    OR (email_index IS NULL) = (email IS NOT NULL)),
  ADD CONSTRAINT users_nothing_left_of_the_erased CHECK (
    erased_at IS NULL
    OR num_nonnulls(email, name, password_hash, email_index, email_sealed, name_sealed,
      totp_sealed) = 0),
  ADD CONSTRAINT users_totp_has_secret CHECK (
    totp_enabled_at IS NULL OR totp_sealed IS NOT NULL OR erased_at IS NOT NULL);

CREATE INDEX users_to_erase ON users (erase_after) WHERE erased_at IS NULL;
CREATE INDEX users_in_plain ON users (id) WHERE email IS NOT NULL;

-- In a table of its own so that it can be backed up apart, and for less long.
CREATE TABLE user_keys (
  user_id uuid PRIMARY KEY REFERENCES users,
  wrapped bytea NOT NULL
);

-- Where a session came from, for its owner's eyes, and what proved the identity.
ALTER TABLE sessions
  ADD COLUMN agent_sealed bytea,
  ADD COLUMN address_sealed bytea,
  ADD COLUMN device_tag bytea CHECK (octet_length(device_tag) = 32),
  ADD COLUMN factors text[] NOT NULL DEFAULT ARRAY['password'],
  ADD COLUMN authenticated_at timestamptz,
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN client_id uuid REFERENCES machine_clients ON DELETE CASCADE,
  ADD COLUMN scopes text[];

CREATE INDEX sessions_by_device ON sessions (user_id, device_tag, created_at);
CREATE INDEX sessions_by_revocation ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  used_at timestamptz,
  PRIMARY KEY (user_id, hash)
);

-- What is sent by letter and works once: only its hash is kept.
CREATE TABLE letter_tokens (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  user_id uuid NOT NULL REFERENCES users,
  purpose text NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
  expires_at timestamptz NOT NULL
);

CREATE INDEX letter_tokens_by_user ON letter_tokens (user_id);
CREATE INDEX letter_tokens_by_end ON letter_tokens (expires_at);

CREATE TABLE letters (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  kind text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE INDEX letters_by_user ON letters (user_id);
CREATE INDEX letters_by_age ON letters (created_at, id);

-- Events on their way to the bus, written in the database transaction that they tell of, deleted
-- once the stream has them.
CREATE TABLE outbox (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject text NOT NULL,
  event jsonb NOT NULL
);

-- Tries at signing in. The key is an HMAC: neither address nor account can be read from it. From
-- `full_at` on all tries are there again, and the row means nothing.
CREATE TABLE sign_in_buckets (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  full_at timestamptz NOT NULL
);

CREATE INDEX sign_in_buckets_by_end ON sign_in_buckets (full_at);

-- What a user agreed to, one line for each decision: the last one holds.
CREATE TABLE consents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  purpose text NOT NULL,
  version text NOT NULL,
  granted boolean NOT NULL,
  decided_at timestamptz NOT NULL
);

CREATE INDEX consents_by_user ON consents (user_id, id);

-- Third parties: where their users may be sent back to. One without a secret is public, and proves
-- itself by PKCE alone.
ALTER TABLE machine_clients
  ALTER COLUMN secret_hash DROP NOT NULL,
  ADD COLUMN redirect_uris text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT machine_clients_secret_or_redirect CHECK (
    secret_hash IS NOT NULL OR cardinality(redirect_uris) > 0);

CREATE TABLE authorization_codes (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  client_id uuid NOT NULL REFERENCES machine_clients ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users,
  redirect_uri text NOT NULL,
  scopes text[] NOT NULL,
  challenge text NOT NULL,
  factors text[] NOT NULL,
  authenticated_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- The session that it was exchanged for: a second exchange ends it.
  session_id uuid REFERENCES sessions ON DELETE CASCADE
);

CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

-- The private part is sealed under the master key. A key is published for a while before it signs,
-- so that whoever remembers the set has it by then.
ALTER TABLE signing_keys
  ALTER COLUMN private_jwk DROP NOT NULL,
  ADD COLUMN public_jwk jsonb,
  ADD COLUMN private_sealed bytea,
  ADD COLUMN signs_from timestamptz,
  ADD CONSTRAINT signing_keys_sealed_or_plain CHECK (
    (private_jwk IS NULL) = (private_sealed IS NOT NULL AND public_jwk IS NOT NULL));
