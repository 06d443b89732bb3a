/** Where partitions stand. Each changes nothing when the epoch is not ours any more. */

export const readPosition = {
  name: 'read-position',
  text: `SELECT position, stream_created_at FROM partitions WHERE partition = $1 AND epoch = $2`,
};

export interface PositionRow {
  position: bigint;
  stream_created_at: string | null;
}

/** Positions only grow, but for those of another stream. */
export const savePositions = {
  name: 'save-positions',
  text: `
    UPDATE partitions p SET position = u.position, stream_created_at = $4
      FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS u (partition, epoch, position)
     WHERE p.partition = u.partition AND p.epoch = u.epoch`,
};

/** What the numbers of decisions stand for. */
export const rememberFeatures = {
  name: 'remember-features',
  text: `INSERT INTO feature_sets (version, names) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
};
