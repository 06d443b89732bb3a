import type { Stage } from './stage.ts';

/** Something that goes wrong, and the alerts that must tell of it. */
export interface Fault {
  name: string;
  alerts: string[];
  /** How many shards the books lie in where it is made. Default: one. */
  shards?: number;
  cause(stage: Stage): Promise<void>;
  cure(stage: Stage): Promise<void>;
}
