/**
 * Fencing: locks the rows of our partitions, if their epochs are still ours. First in every
 * posting, so that nobody can take a partition over between this check and the commit. Fewer rows
 * than asked for mean that somebody has already.
 */
export const lockPartitions = {
  name: 'lock-partitions',
  text: `
    SELECT p.partition
      FROM unnest($1::int[], $2::bigint[]) AS claimed (partition, epoch)
      JOIN partitions p ON p.partition = claimed.partition AND p.epoch = claimed.epoch
     ORDER BY p.partition
       FOR UPDATE OF p`,
};
