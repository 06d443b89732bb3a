-- People and operators. The e-mail is stored trimmed and in lower case, so that one address has
-- one account however it is typed.
CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND email = btrim(email)),
  name text NOT NULL,
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  roles text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['user', 'operator']),
  kyc_level smallint NOT NULL DEFAULT 0 CHECK (kyc_level >= 0),
  created_at timestamptz NOT NULL
);

-- One sign-in, and the family of all refresh tokens that descend from it. It ends as a whole: by
-- log-out, by the re-use of a dead token, or by age.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  revoked_at timestamptz
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Only SHA-256 of a token is kept: 256 random bits need no slow hash, and a stolen copy of this
-- table signs nobody in. Used ones stay, because only so is their re-use noticed.
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  used_at timestamptz
);

-- A family has one living token at most, whatever runs at the same time.
CREATE UNIQUE INDEX refresh_tokens_one_alive ON refresh_tokens (session_id) WHERE used_at IS NULL;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Programs. `id` is the subject of their tokens and owns their wallets, `client_id` is the name
-- they sign in with.
CREATE TABLE machine_clients (
  id uuid PRIMARY KEY,
  client_id text NOT NULL UNIQUE,
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  plan text NOT NULL CHECK (plan IN ('standard', 'unlimited')),
  created_at timestamptz NOT NULL
);

-- The newest key that is not retired signs. A retired one is still published until the last token
-- it signed has expired; a stolen one is deleted instead.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  private_jwk jsonb NOT NULL CHECK (private_jwk ? 'd' AND private_jwk ->> 'crv' = 'Ed25519'),
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
