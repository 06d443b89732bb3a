/**
 * Where a partition stands, if its epoch is still ours. The lock waits for a posting of ours whose
 * COMMIT was never answered: Postgres may still be working on it, and would then be ahead of what
 * we read.
 */
export const readPartition = {
  name: 'read-partition',
  text: `
    SELECT position, position_message, stream_created_at, event_sequence, published_sequence,
           watched_position, halted_reason
      FROM partitions WHERE partition = $1 AND epoch = $2
       FOR NO KEY UPDATE`,
};

export interface PartitionRow {
  position: bigint;
  position_message: string | null;
  stream_created_at: string | null;
  event_sequence: bigint;
  published_sequence: bigint;
  watched_position: bigint;
  halted_reason: string | null;
}
