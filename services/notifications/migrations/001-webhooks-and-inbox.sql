-- Where people and machine clients want to be told, what they were told, and how that went.

CREATE TABLE webhooks (
  id              uuid PRIMARY KEY,
  owner_id        uuid NOT NULL,
  -- Machine clients hear of every wallet, people of their own.
  everything      boolean NOT NULL,
  url             text NOT NULL,
  description     text,
  -- Empty: every type.
  event_types     text[] NOT NULL,
  -- Sealed. The one before stays valid for a while after a rotation.
  secret          bytea NOT NULL,
  previous_secret bytea,
  previous_until  timestamptz,
  status          text NOT NULL CHECK (status IN ('active', 'disabled')),
  disabled_reason text,
  created_at      timestamptz NOT NULL,
  CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhooks_by_owner ON webhooks (owner_id, created_at, id);
CREATE INDEX webhooks_of_everything ON webhooks (id) WHERE everything AND status = 'active';

CREATE TABLE deliveries (
  -- The id that the receiver sees: the same at every attempt, so that it can tell a repetition.
  id           uuid PRIMARY KEY,
  webhook_id   uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  event_id     text NOT NULL,
  event_type   text NOT NULL,
  body         text NOT NULL,
  state        text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- The next attempt, or the end of the claim of the process that makes one now.
  due_at       timestamptz NOT NULL,
  created_at   timestamptz NOT NULL,
  delivered_at timestamptz,
  CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
  -- An event that comes again from the stream is not told again.
  UNIQUE (webhook_id, event_id)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, created_at, id);

CREATE TABLE delivery_attempts (
  delivery_id uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
  attempt     integer NOT NULL,
  at          timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  -- HTTP status; absent when there was no answer.
  status      integer,
  problem     text,
  PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE messages (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL,
  kind       text NOT NULL,
  event_id   text NOT NULL,
  facts      jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  read_at    timestamptz,
  -- Never twice for one event.
  UNIQUE (user_id, event_id)
);
CREATE INDEX messages_by_user ON messages (user_id, created_at, id);

CREATE TABLE preferences (
  user_id    uuid PRIMARY KEY,
  -- Kinds that the user does not want to be told of.
  muted      text[] NOT NULL,
  changed_at timestamptz NOT NULL
);
