-- What was told is what is written down, whoever told it: the policy on the amount has no score.
ALTER TABLE decisions ALTER COLUMN score DROP NOT NULL;
ALTER TABLE decisions
  ADD COLUMN degraded boolean NOT NULL DEFAULT false,
  -- Somebody else had decided: logit, features and challengers were made for the record, and are
  -- not what the decision came from.
  ADD COLUMN reconstructed boolean NOT NULL DEFAULT false;

-- Facts that can never be understood and are put aside, each once: every process reads them all.
CREATE TABLE refused_facts (
  stream            text NOT NULL,
  stream_created_at text NOT NULL,
  sequence          bigint NOT NULL,
  refused_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream, stream_created_at, sequence)
);
