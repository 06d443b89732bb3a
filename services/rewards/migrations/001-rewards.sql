-- What is rewarded, what was, and what had to go back. Money is int8 in minor units.

CREATE TABLE rules (
  id             uuid PRIMARY KEY,
  name           text NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('cashback', 'first-deposit', 'referral', 'streak')),
  currency       text NOT NULL,
  terms          jsonb NOT NULL,
  status         text NOT NULL CHECK (status IN ('active', 'paused')),
  valid_from     timestamptz NOT NULL,
  valid_until    timestamptz NOT NULL,
  budget         bigint NOT NULL CHECK (budget > 0),
  -- Paid or on its way, less what was taken back.
  committed      bigint NOT NULL DEFAULT 0,
  per_person_max bigint CHECK (per_person_max > 0),
  created_by     text NOT NULL,
  created_at     timestamptz NOT NULL,
  CHECK (valid_from < valid_until),
  -- The last line: whatever the code decided, no budget is overspent.
  CONSTRAINT rules_within_budget CHECK (committed >= 0 AND committed <= budget)
);
CREATE INDEX rules_by_age ON rules (created_at, id);
CREATE INDEX rules_that_pay ON rules (currency, valid_until) WHERE status = 'active';

CREATE TABLE rewards (
  -- Also the id of the transaction that pays it: derived from rule and trigger, so that whoever
  -- decides again, or pays again, means the same one.
  id             uuid PRIMARY KEY,
  rule_id        uuid NOT NULL REFERENCES rules,
  trigger_id     uuid NOT NULL,
  trigger_amount bigint NOT NULL CHECK (trigger_amount > 0),
  user_id        uuid NOT NULL,
  -- Unknown where whoever earned it has no wallet in the currency.
  wallet_id      uuid,
  amount         bigint NOT NULL CHECK (amount > 0),
  currency       text NOT NULL,
  state          text NOT NULL CHECK (state IN ('due', 'sent', 'paid', 'failed', 'declined')),
  reason         text,
  attempts       integer NOT NULL DEFAULT 0,
  due_at         timestamptz NOT NULL,
  taken_back     bigint NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL,
  settled_at     timestamptz,
  UNIQUE (rule_id, trigger_id),
  CHECK ((state IN ('failed', 'declined')) = (reason IS NOT NULL)),
  CHECK (wallet_id IS NOT NULL OR state = 'declined'),
  CONSTRAINT rewards_taken_back_within_amount CHECK (taken_back BETWEEN 0 AND amount)
);
CREATE INDEX rewards_due ON rewards (due_at) WHERE state IN ('due', 'sent');
CREATE INDEX rewards_by_user ON rewards (user_id, created_at, id);
CREATE INDEX rewards_by_trigger ON rewards (trigger_id);
CREATE INDEX rewards_by_age ON rewards (created_at, id);
CREATE INDEX rewards_of_person ON rewards (rule_id, user_id);

CREATE TABLE take_backs (
  id             uuid PRIMARY KEY,
  reward_id      uuid NOT NULL REFERENCES rewards,
  -- How much of the payment had gone back by then: a reversal that is told again takes nothing more.
  reversed_total bigint NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  state          text NOT NULL CHECK (state IN ('due', 'sent', 'done', 'owed', 'void')),
  reason         text,
  -- Of the attempt under way. What the ledger refused stays refused: each attempt has its own.
  transaction_id uuid NOT NULL UNIQUE,
  attempts       integer NOT NULL DEFAULT 0,
  due_at         timestamptz NOT NULL,
  created_at     timestamptz NOT NULL,
  UNIQUE (reward_id, reversed_total)
);
CREATE INDEX take_backs_due ON take_backs (due_at) WHERE state IN ('due', 'sent');

-- Payments that have gone back, in part or all: also those that are rewarded only after we hear so.
CREATE TABLE reversed_payments (
  transaction_id uuid PRIMARY KEY,
  remaining      bigint NOT NULL CHECK (remaining >= 0)
);

CREATE TABLE first_deposits (
  user_id        uuid PRIMARY KEY,
  transaction_id uuid NOT NULL
);

CREATE TABLE referral_codes (
  user_id    uuid PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL
);

CREATE TABLE referrals (
  referred_id uuid PRIMARY KEY,
  referrer_id uuid NOT NULL,
  claimed_at  timestamptz NOT NULL,
  CHECK (referred_id <> referrer_id)
);
CREATE INDEX referrals_by_referrer ON referrals (referrer_id);

CREATE TABLE streak_days (
  rule_id        uuid NOT NULL REFERENCES rules,
  user_id        uuid NOT NULL,
  day            date NOT NULL,
  transaction_id uuid NOT NULL,
  -- Zero once the payment that earned them has gone back entirely.
  points         integer NOT NULL CHECK (points >= 0),
  PRIMARY KEY (rule_id, user_id, day)
);
CREATE INDEX streak_days_by_transaction ON streak_days (transaction_id);
