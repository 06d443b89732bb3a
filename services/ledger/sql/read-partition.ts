/** Where a partition stands, if its epoch is still ours. */
export const readPartition = {
  name: 'read-partition',
  text: `
    SELECT position, position_message, stream_created_at, event_sequence, published_sequence,
           halted_reason
      FROM partitions WHERE partition = $1 AND epoch = $2`,
};

export interface PartitionRow {
  position: bigint;
  position_message: string | null;
  stream_created_at: string | null;
  event_sequence: bigint;
  published_sequence: bigint;
  halted_reason: string | null;
}
