import type { Changes } from '../domain/changes.ts';

/** What a batch became: what to tell, and where each partition stands now. */
export interface Posted {
  changes: Changes;
  eventSequences: Map<number, number>;
}
