/**
 * Those of these ids that stand for payments of this shard, or for quotes that it has used. What
 * was moved to another one with its partition is that one's; what arrived from another one has an
 * id of its own.
 */
export const findKeys = {
  name: 'find-keys',
  text: `
    SELECT t.id FROM transactions t JOIN partitions p ON p.partition = t.partition
     WHERE t.id = ANY ($1::uuid[])
     UNION
    SELECT quote_id FROM conversions WHERE uses_quote AND quote_id = ANY ($1::uuid[])`,
};

/**
 * From where on transactions are looked up elsewhere. Before there were several shards a primary
 * key kept them apart; the last of a partition that came from another shard are looked up again.
 */
export const beginKeyChecks = {
  name: 'begin-key-checks',
  text: `
    INSERT INTO key_checks (partition, checked_sequence)
    SELECT partition, greatest(event_sequence - 10000, 0) FROM partitions
        ON CONFLICT DO NOTHING`,
};

/** The next transactions of these partitions ($1) to look up: so many ($2) of each. */
export const findUncheckedKeys = {
  name: 'find-unchecked-keys',
  text: `
    SELECT c.partition, t.id, t.event_sequence
      FROM key_checks c
     CROSS JOIN LATERAL (
             SELECT id, event_sequence FROM transactions
              WHERE partition = c.partition AND event_sequence > c.checked_sequence
              ORDER BY event_sequence LIMIT $2) t
     WHERE c.partition = ANY ($1::int[])`,
};

export const noteKeysChecked = {
  name: 'note-keys-checked',
  text: `
    UPDATE key_checks c
       SET checked_sequence = greatest(c.checked_sequence, u.checked_sequence)
      FROM unnest($1::int[], $2::bigint[]) AS u (partition, checked_sequence)
     WHERE c.partition = u.partition`,
};

/**
 * What has moved there with its partition since it was looked up is the same payment: the partition
 * is taken out here before anybody there calls it theirs.
 */
export const writeReusedKeys = {
  name: 'write-reused-keys',
  text: `
    INSERT INTO reused_keys (transaction_id, shard)
    SELECT u.transaction_id, u.shard
      FROM unnest($1::uuid[], $2::int[]) AS u (transaction_id, shard)
      JOIN transactions t ON t.id = u.transaction_id
      JOIN partitions p ON p.partition = t.partition
        ON CONFLICT DO NOTHING`,
};

export interface UncheckedKeyRow {
  partition: number;
  id: string;
  event_sequence: bigint;
}
