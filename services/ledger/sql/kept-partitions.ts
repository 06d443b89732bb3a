/**
 * What these books keep, at one moment, and where else the partitions are that they gave away, or
 * of which they don't have all yet. One that is copied completely is theirs once that is told.
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

/** Moves that have not ended here, and how long a fenced partition has stood still. */
export const countMoves = {
  name: 'count-moves',
  text: `
    SELECT count(*)::int AS moves,
           coalesce(extract(epoch FROM now() - min(fenced_at) FILTER (WHERE state = 'fenced')),
                    0)::float8 AS fenced
      FROM partition_moves WHERE ended_at IS NULL`,
};
