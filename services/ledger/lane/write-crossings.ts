import { assert } from '@florin/kernel';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import type { Changes } from '../domain/changes.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { writeArrivals } from '../sql/arrivals.ts';
import { settleDepartures, writeDepartures } from '../sql/departures.ts';

/** Writes what left for other shards, what they have answered, and what came from them. */
export async function writeCrossings(
  client: pg.PoolClient,
  { departures, settledDepartures, arrivals }: Changes,
): Promise<void> {
  if (departures.length > 0) {
    await client.query(writeDepartures, [
      plainArray(departures.map((one) => one.transactionId)),
      plainArray(departures.map((one) => one.partition)),
      plainArray(departures.map((one) => one.pair)),
      plainArray(departures.map((one) => one.amount)),
      plainArray(departures.map((one) => one.currency)),
      plainArray(departures.map((one) => isoFromMicros(one.departedAtUs))),
    ]);
  }
  if (settledDepartures.size > 0) {
    const { rowCount } = await client.query(settleDepartures, [
      plainArray([...settledDepartures.keys()]),
      plainArray([...settledDepartures.values()].map(({ credited }) => String(credited))),
      plainArray([...settledDepartures.values()].map(({ pair }) => pair)),
    ]);
    assert(rowCount === settledDepartures.size, 'what was settled had not departed');
  }
  if (arrivals.length > 0) {
    await client.query(writeArrivals, [
      plainArray(arrivals.map((one) => one.id)),
      plainArray(arrivals.map((one) => one.pair)),
      plainArray(arrivals.map((one) => one.amount)),
      plainArray(arrivals.map((one) => one.currency)),
      plainArray(arrivals.map(({ debit }) => debit.walletId)),
      plainArray(arrivals.map(({ debit }) => debit.sequence)),
    ]);
  }
}
