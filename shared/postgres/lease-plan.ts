/** One row of the partitions table as a survey found it. */
export interface SurveyedPartition {
  partition: number;
  /** Grows by one whenever the partition changes hands, also back to the same owner. */
  epoch: bigint;
  owner: string | null;
  /** The owner was seen within the lease time. */
  alive: boolean;
}

export interface Survey {
  /** Keepers seen within the lease time. */
  members: number;
  partitions: readonly SurveyedPartition[];
}

/** What this keeper has in hand: partitions with the epoch it got each of them at. */
export interface Holdings {
  owner: string;
  held: ReadonlyMap<number, bigint>;
  /** Given up, but work in flight has not ended: neither held nor to be taken again yet. */
  ending: { has(partition: number): boolean };
}

export interface LeasePlan {
  /** Held here, somebody else's there. */
  fenced: number[];
  /** How many partitions to take, and which may be taken, in order. */
  wanted: number;
  free: { partition: number; epoch: bigint }[];
  /** Held beyond the fair share, to be given up one after the other. */
  surplus: number[];
  /** Ours by name only, since giving them back or taking them failed half-way, and not wanted. */
  orphaned: { partition: number; epoch: bigint }[];
}

/**
 * Compares what is with the fair share, ceil(partitions / members): shares rounded up always cover
 * every partition, and nobody below the share ever gives one up, so the plan cannot swing.
 */
export function planLeases(survey: Survey, { owner, held, ending }: Holdings): LeasePlan {
  const fenced: number[] = [];
  const kept: number[] = [];
  const free: LeasePlan['free'] = [];
  const nominal: LeasePlan['orphaned'] = [];
  for (const { partition, epoch, owner: present, alive } of survey.partitions) {
    if (ending.has(partition)) continue;
    if (held.has(partition)) {
      (present === owner && epoch === held.get(partition) ? kept : fenced).push(partition);
    } else if (present === owner || !alive) {
      free.push({ partition, epoch });
      if (present === owner) nominal.push({ partition, epoch });
    }
  }
  // What has left the table altogether is nobody's here.
  const known = new Set(survey.partitions.map(({ partition }) => partition));
  fenced.push(...[...held.keys()].filter((partition) => !known.has(partition)));
  const share = Math.ceil(survey.partitions.length / Math.max(1, survey.members));
  const wanted = Math.min(free.length, Math.max(0, share - kept.length));
  const orphaned = wanted === 0 ? nominal : [];
  return { fenced, wanted, free, surplus: kept.slice(share), orphaned };
}
