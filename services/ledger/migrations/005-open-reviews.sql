-- Open reviews are few among all there ever were, and the ones that people list.
CREATE INDEX reviews_open ON reviews (opened_at, transaction_id) WHERE status = 'open';
