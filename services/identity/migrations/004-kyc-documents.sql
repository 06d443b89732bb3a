-- What people have shown of themselves. The files lie in the object store, each sealed under a key
-- of its own, which is sealed here under the key of its user: destroying that erases them all.
CREATE TABLE kyc_documents (
  id          uuid PRIMARY KEY,
  user_id     uuid NOT NULL REFERENCES users,
  kind        text NOT NULL,
  media_type  text NOT NULL,
  bytes       integer NOT NULL CHECK (bytes > 0),
  object_name text NOT NULL UNIQUE,
  key_sealed  bytea NOT NULL,
  status      text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'expired')),
  reason      text,
  decided_by  uuid,
  decided_at  timestamptz,
  valid_until timestamptz,
  created_at  timestamptz NOT NULL,
  CHECK ((status = 'pending') = (decided_at IS NULL)),
  -- Four eyes: nobody decides about themselves.
  CHECK (decided_by <> user_id)
);
CREATE INDEX kyc_documents_by_user ON kyc_documents (user_id, id);
CREATE INDEX kyc_documents_by_status ON kyc_documents (status, id);
CREATE INDEX kyc_documents_ending ON kyc_documents (valid_until) WHERE status = 'approved';

ALTER TABLE users ADD CONSTRAINT users_kyc_level_known CHECK (kyc_level BETWEEN 0 AND 2);
