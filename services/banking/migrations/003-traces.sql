-- The trace of the order that asks for a payment, so that what the bank was asked shows in it.
ALTER TABLE payments ADD COLUMN traceparent text;

-- assert: SELECT count(*) = 0 FROM payments WHERE traceparent IS NOT NULL
