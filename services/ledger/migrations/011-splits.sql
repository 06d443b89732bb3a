-- Parts of one payment to several: transfers of their own, decided together.
CREATE TABLE splits (
  transaction_id uuid PRIMARY KEY,
  split_id       uuid NOT NULL,
  -- Grows in the order in which the parts were asked for.
  place          integer NOT NULL
);
CREATE INDEX splits_by_id ON splits (split_id, place);
CREATE TRIGGER splits_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON splits
  FOR EACH STATEMENT EXECUTE FUNCTION books_are_immutable();
