import { soon, type Metrics } from '@florin/runtime';
import type { LaneKeeper } from '../lane/lane-keeper.ts';

/** Where each partition stands, read when metrics are scraped. */
export function measureLanes(
  metrics: Metrics,
  keeper: LaneKeeper,
  countOpenReviews: (partitions: Iterable<number>) => Promise<number>,
): void {
  metrics.gauge({
    name: 'ledger_partition_backlog',
    help: 'Commands read and not yet posted',
    labelNames: ['partition'],
    collect() {
      this.reset();
      for (const [partition, lane] of keeper.lanes()) this.set({ partition }, lane.backlog());
    },
  });
  metrics.gauge({
    name: 'ledger_partition_epoch',
    help: 'Epoch of the lease that this process holds',
    labelNames: ['partition'],
    collect() {
      this.reset();
      for (const [partition, lane] of keeper.lanes()) this.set({ partition }, Number(lane.epoch));
    },
  });
  metrics.gauge({
    name: 'ledger_untold_events',
    help: 'Events committed and not yet acknowledged by the event stream',
    collect() {
      let size = 0;
      for (const lane of keeper.lanes().values()) size += lane.outbox.size();
      this.set(size);
    },
  });
  metrics.gauge({
    name: 'ledger_untellable_partitions',
    help: 'Partitions whose next event the event stream refuses for good, e.g. as too large',
    collect() {
      this.set(keeper.untellable().size);
    },
  });
  metrics.gauge({
    name: 'ledger_unscored_orders',
    help: 'Messages with orders that nobody has scored yet',
    collect() {
      let size = 0;
      for (const lane of keeper.lanes().values()) size += lane.unscored();
      this.set(size);
    },
  });
  metrics.gauge({
    name: 'reviews_open',
    help: 'Transactions of our partitions that wait for a person',
    async collect() {
      // While Postgres is away the last count is the best there is.
      const count = await soon(countOpenReviews(keeper.lanes().keys()));
      if (count !== undefined) this.set(count);
    },
  });
  metrics.gauge({
    name: 'ledger_partitions_halted',
    help: 'Partitions that stand still until a person has looked at them',
    collect() {
      this.set(keeper.halted().size);
    },
  });
}
