import type { RecurrenceRule, ScheduledTransfer } from '@florin/contracts';
import { occurrenceAt, type PlannedMoment } from './recurrence.ts';

/** Written down at once of one plan: the rest follows in the next round. */
export const PLANNED_AT_ONCE = 500;

export interface DuePlan {
  rule: RecurrenceRule;
  onMissed: ScheduledTransfer['onMissed'];
  next: PlannedMoment;
}

export interface Planned extends PlannedMoment {
  status: 'due' | 'missed';
}

export interface PlannedRound {
  occurrences: Planned[];
  /** Undefined: that was the last one. */
  next: PlannedMoment | undefined;
}

/**
 * What has become due of a plan up to now. More than one at a time is due only after an outage, and
 * then the plan says what is caught up on: `latest` never pays twice for one outage, `none` leaves
 * out what is later than `lateAfterMs`.
 */
export function planDue(
  { rule, onMissed, next }: DuePlan,
  { nowMs, lateAfterMs }: { nowMs: number; lateAfterMs: number },
): PlannedRound {
  const moments: PlannedMoment[] = [];
  let following: PlannedMoment | undefined = next;
  while (following !== undefined && following.atMs <= nowMs && moments.length < PLANNED_AT_ONCE) {
    moments.push(following);
    const number: number = following.number + 1;
    const atMs = occurrenceAt(rule, number);
    following = atMs === undefined ? undefined : { number, atMs };
  }
  const isLatest = (index: number): boolean =>
    index === moments.length - 1 && (following === undefined || following.atMs > nowMs);
  const isCaughtUpOn = ({ atMs }: PlannedMoment, index: number): boolean => {
    if (onMissed === 'all') return true;
    return onMissed === 'latest' ? isLatest(index) : nowMs - atMs <= lateAfterMs;
  };
  const occurrences = moments.map((moment, index): Planned => ({
    ...moment,
    status: isCaughtUpOn(moment, index) ? 'due' : 'missed',
  }));
  return { occurrences, next: following };
}
