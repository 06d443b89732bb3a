import { soon, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import type { LaneKeeper } from '../lane/lane-keeper.ts';
import type { ShardPlace } from '../lane/shard-view.ts';
import { plainArray } from './array-literal.ts';
import { countDepartures } from '../sql/departures.ts';
import { countMoves } from '../sql/kept-partitions.ts';

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
  const waiting = async (): Promise<Waiting | undefined> => {
    const values = [plainArray([...keeper.lanes().keys()])];
    // While Postgres is away the last figures are the best there are.
    return (await soon(pool.query<Waiting>(countDepartures, values)))?.rows[0];
  };
  metrics.gauge({
    name: 'ledger_departures_open',
    help: 'Payments of our partitions that wait for another shard to credit them',
    async collect() {
      const found = await waiting();
      if (found !== undefined) this.set(found.open);
    },
  });
  metrics.gauge({
    name: 'ledger_departure_oldest_seconds',
    help: 'How long the one of them has waited that has waited longest',
    async collect() {
      const found = await waiting();
      if (found !== undefined) this.set(found.oldest);
    },
  });
  metrics.gauge({
    name: 'ledger_partition_moves_under_way',
    help: 'Partitions that leave or come to the books of this shard and are not there yet',
    async collect() {
      const found = (await soon(pool.query<Moving>(countMoves)))?.rows[0];
      if (found !== undefined) this.set(found.moves);
    },
  });
  metrics.gauge({
    name: 'ledger_partition_fenced_seconds',
    help: 'How long a partition of ours has stood still because it moves; 0 where none does',
    async collect() {
      const found = (await soon(pool.query<Moving>(countMoves)))?.rows[0];
      if (found !== undefined) this.set(found.fenced);
    },
  });
}

interface Moving {
  moves: number;
  fenced: number;
}

interface Waiting {
  open: number;
  oldest: number;
}
