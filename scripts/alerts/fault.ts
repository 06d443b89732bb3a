import type { Stage } from './stage.ts';

/** Something that goes wrong, and the alerts that must tell of it. */
export interface Fault {
  name: string;
  alerts: string[];
  cause(stage: Stage): Promise<void>;
  cure(stage: Stage): Promise<void>;
}
