/** Notes about partitions beside the postings. Each changes nothing when the epoch is not ours. */

/** The stream that positions count in, learnt when the first position is about to be made. */
export const bindStream = {
  name: 'bind-stream',
  text: `
    UPDATE partitions SET stream_created_at = $3
     WHERE partition = $1 AND epoch = $2 AND stream_created_at IS NULL`,
};

/**
 * How far events are told and orders answered, where no posting carries it along. Locks in the
 * order of postings: a deadlock would cost every payment a second.
 */
export const saveProgress = {
  name: 'save-progress',
  text: `
    WITH ours AS (
      SELECT p.partition, u.published, u.watched
        FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[])
          AS u (partition, epoch, published, watched)
        JOIN partitions p ON p.partition = u.partition AND p.epoch = u.epoch
       ORDER BY p.partition
         FOR UPDATE OF p
    )
    UPDATE partitions p
       SET published_sequence = greatest(p.published_sequence, ours.published),
           watched_position = greatest(p.watched_position, ours.watched)
      FROM ours
     WHERE p.partition = ours.partition`,
};

export const haltPartition = {
  name: 'halt-partition',
  text: `UPDATE partitions SET halted_reason = $3 WHERE partition = $1 AND epoch = $2`,
};
