export const listLanes = {
  name: 'list-lanes',
  text: `
    SELECT partition, owner, epoch, position, event_sequence, published_sequence, halted_reason
      FROM partitions ORDER BY partition`,
};

export interface LaneRow {
  partition: number;
  owner: string | null;
  epoch: bigint;
  position: bigint;
  event_sequence: bigint;
  published_sequence: bigint;
  halted_reason: string | null;
}

/** The newest first. */
export const listLaneLetters = {
  name: 'list-lane-letters',
  text: `
    SELECT partition, stream_sequence, item, reason, created_at FROM dead_letters
     ORDER BY created_at DESC, partition, stream_sequence, item LIMIT $1`,
};

export interface LaneLetterRow {
  partition: number;
  stream_sequence: bigint;
  item: number;
  reason: string;
  created_at: Date;
}
