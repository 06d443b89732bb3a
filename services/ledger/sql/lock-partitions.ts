/**
 * Fencing: locks the rows of our partitions, if their epochs are still ours. First in every
 * posting, so that nobody can take a partition over between this check and the commit. Fewer rows
 * than asked for mean that somebody has already; or that these are not the books we know, because
 * they were restored to an earlier moment: that has our epochs, and another last event.
 * The version is another one when these books have begun or ended to keep a partition: whoever
 * changes that locks all of these rows, and writes them.
 */
export const lockPartitions = {
  name: 'lock-partitions',
  text: `
    SELECT p.partition, p.books_version
      FROM unnest($1::int[], $2::bigint[], $3::bigint[])
        AS claimed (partition, epoch, event_sequence)
      JOIN partitions p ON p.partition = claimed.partition AND p.epoch = claimed.epoch
                       AND p.event_sequence = claimed.event_sequence
     ORDER BY p.partition
       FOR UPDATE OF p`,
};
