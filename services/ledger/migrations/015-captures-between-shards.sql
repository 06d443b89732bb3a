-- A capture after which the rest of its hold is released. One that waits for another shard must
-- still know when that one has answered.
ALTER TABLE follow_ups ADD COLUMN ends_hold boolean NOT NULL DEFAULT false;
