-- Promised rates. A quote is written once, read by whoever it was promised to, and deleted some days
-- after it ended; whether it was used is known to the books alone.
CREATE TABLE quotes (
  id         uuid PRIMARY KEY,
  client_id  text NOT NULL,
  expires_at timestamptz NOT NULL,
  -- All of it as it was signed. json, not jsonb: a signature stands for every character.
  signed     json NOT NULL
);
CREATE INDEX quotes_by_end ON quotes (expires_at);
