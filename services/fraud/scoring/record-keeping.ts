import type { Clock } from '@florin/kernel';
import type { Bus, Verifier } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { createReadTold } from '../adapters/read-told.ts';
import { createStoreDecisions } from '../adapters/store-decisions.ts';
import { createReconstruction } from './reconstruct-decisions.ts';
import { createRecorder } from './recorder.ts';
import type { ScoringLoop } from './scoring-loop.ts';

/** Both ways into the table of decisions: what we have told, and what others have. */
export function createRecordKeeping(deps: {
  bus: Bus;
  pool: pg.Pool;
  verify: Verifier;
  loop: Pick<ScoringLoop, 'assess'>;
  /** Creation time of the stream of orders as it is folded now. */
  streamCreatedAt: () => string;
  onReconstructed(rows: number): void;
  /** More is decided than can be written down, or no longer. */
  onFull(full: boolean): void;
  clock: Clock;
  log: Logger;
}) {
  const { bus, pool, loop, streamCreatedAt, onReconstructed, onFull, clock, log } = deps;
  const readTold = createReadTold(bus, deps.verify);
  const nowMs = (): number => clock.nowMs();
  const store = createStoreDecisions({ pool, nowMs, onReconstructed, log });
  const recorder = createRecorder({ pool, store, readTold, streamCreatedAt, onFull, log });
  const { touch } = recorder;
  const reconstruct = createReconstruction({ bus, loop, store, readTold, touch, log });
  return { recorder, reconstruct };
}
