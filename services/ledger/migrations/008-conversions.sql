-- From one currency into another. Beside the transactions, not in them: most are none.
CREATE TABLE conversions (
  transaction_id uuid PRIMARY KEY,
  quote_id       uuid NOT NULL,
  -- False for what was refused at once: that leaves its quote to another conversion.
  uses_quote     boolean NOT NULL,
  from_currency  text NOT NULL,
  from_amount    bigint NOT NULL CHECK (from_amount > 0),
  to_currency    text NOT NULL,
  to_amount      bigint NOT NULL CHECK (to_amount > 0),
  rate           text NOT NULL,
  -- What both amounts were worth at the mid rate, in minor units of the platform's own currency.
  base_currency  text NOT NULL,
  from_value     bigint NOT NULL CHECK (from_value >= 0),
  to_value       bigint NOT NULL CHECK (to_value >= 0),
  CHECK (from_currency <> to_currency)
);
-- A quote is used once, whatever lane its conversions come through.
CREATE UNIQUE INDEX conversions_by_used_quote ON conversions (quote_id) WHERE uses_quote;
CREATE TRIGGER conversions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON conversions
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();

-- What the platform keeps accounts for; open fx positions are among it from now on.
ALTER TABLE wallets DROP CONSTRAINT wallets_kind_check, ADD CONSTRAINT wallets_kind_check
  CHECK (kind IN ('user', 'bank-clearing', 'fees', 'suspense', 'fx-position', 'rewards'));
CREATE INDEX wallets_of_the_platform ON wallets (kind, currency) WHERE owner_id IS NULL;

-- What an owner keeps a wallet for: of these there is one a currency. NULL for all others.
ALTER TABLE wallets ADD COLUMN purpose text;
