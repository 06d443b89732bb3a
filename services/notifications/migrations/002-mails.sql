-- What is told by e-mail: letters about accounts, whose text is identity's, and notices about money.
-- No address is kept here: it is asked for when a mail is sent.

CREATE TABLE mails (
  -- Also the Message-ID.
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL,
  kind       text NOT NULL,
  -- Never twice for one event.
  event_id   text NOT NULL,
  facts      jsonb NOT NULL,
  -- due: to be sent. claimed: somebody writes it. sending: a server may have it from now on.
  -- unknown: whoever sent it died, or heard no answer; it is not sent again.
  state      text NOT NULL CHECK
    (state IN ('due', 'claimed', 'sending', 'sent', 'failed', 'unknown', 'skipped')),
  attempts   integer NOT NULL DEFAULT 0,
  -- The next attempt, or the end of the time of whoever has it now.
  due_at     timestamptz NOT NULL,
  problem    text,
  created_at timestamptz NOT NULL,
  ended_at   timestamptz,
  UNIQUE (user_id, event_id)
);
CREATE INDEX mails_due ON mails (due_at) WHERE state IN ('due', 'claimed', 'sending');
CREATE INDEX mails_ended ON mails (ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE preferences
  -- NULL: as it is for everybody who has not chosen.
  ADD COLUMN muted_letters text[],
  ADD COLUMN locale text NOT NULL DEFAULT 'en';
