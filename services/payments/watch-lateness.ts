import { faultText, type Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import { secondsOverdue } from './sql/occurrences.ts';

const LOOK_EVERY_MS = 5_000;

interface WatchDeps {
  db: Database['slonik'];
  clock: Clock;
  metrics: Metrics;
  log: Logger;
}

/** Keeps a gauge of how late planned transfers are. Answers how to end that. */
export function watchLateness({ db, clock, metrics, log }: WatchDeps): () => Promise<void> {
  const gauge = metrics.gauge({
    name: 'scheduled_overdue_seconds',
    help: 'How late the latest planned transfer is that the ledger has not decided yet',
  });
  const look = (): void =>
    void secondsOverdue(db, new Date(clock.nowMs())).then(
      (seconds) => gauge.set(seconds),
      (error: unknown) => log.warn(`lateness is not known now: ${faultText(error)}`),
    );
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return async () => clearInterval(timer);
}
