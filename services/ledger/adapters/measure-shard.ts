import { soon, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import type { LaneKeeper } from '../lane/lane-keeper.ts';
import type { ShardPlace } from '../lane/shard-view.ts';
import { plainArray } from './array-literal.ts';
import { countDepartures } from '../sql/departures.ts';

/** Which shard this process keeps, and what waits for the others; read when metrics are scraped. */
export function measureShard(options: {
  metrics: Metrics;
  keeper: LaneKeeper;
  pool: pg.Pool;
  shard: ShardPlace;
}): void {
  const { metrics, keeper, pool, shard } = options;
  metrics.gauge({
    name: 'ledger_shard',
    help: 'The shard that this process keeps, with the version of the map it goes by',
    labelNames: ['map_version'],
    collect() {
      this.set({ map_version: shard.map.version }, shard.own);
    },
  });
  metrics.gauge({
    name: 'ledger_departures_open',
    help: 'Payments of our partitions that wait for another shard to credit them',
    async collect() {
      const values = [plainArray([...keeper.lanes().keys()])];
      const found = await soon(pool.query<{ open: number }>(countDepartures, values));
      if (found !== undefined) this.set(found.rows[0]?.open ?? 0);
    },
  });
}
