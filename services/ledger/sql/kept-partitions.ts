/**
 * What these books keep, at one moment, and where else the partitions are that they gave away, or of
 * which they don't have all yet. One that is copied completely is theirs as soon as that is told.
 */
export const keptPartitions = {
  name: 'kept-partitions',
  text: `
    SELECT coalesce((SELECT max(books_version) FROM partitions), 0) AS version,
           array(SELECT partition FROM partitions ORDER BY partition) AS kept,
           coalesce((SELECT jsonb_object_agg(partition, other_shard)
                       FROM (SELECT DISTINCT ON (partition) partition, other_shard, state
                               FROM partition_moves WHERE state <> 'called-off'
                              ORDER BY partition, started_at DESC) AS last
                      WHERE state IN ('fenced', 'left', 'gone', 'copying')),
                    '{}') AS elsewhere`,
};

export interface KeptPartitionsRow {
  version: bigint;
  kept: number[];
  elsewhere: Record<string, number>;
}
