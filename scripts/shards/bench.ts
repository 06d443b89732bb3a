// npm run bench:shards [-- --shards 1,2,4 --transfers 20000]
//
// Throughput and cost of one, two and four ledger shards, each a Postgres and a ledger process, for
// transfers inside a shard and between shards, in one run on this machine: compare them with each
// other. Last line: JSON.
import { parseArgs } from 'node:util';
import { printResult, probeCores, round, say, watchUsage } from '../bench/measure.ts';
import { checkShards } from './check-shards.ts';
import { offerTransfers, type Traffic } from './offer-transfers.ts';
import { withShards, type ShardStage } from './shard-stage.ts';
import { bytesEach, storedBytes, type StoredBytes } from './stored-bytes.ts';

const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '1,2,4' },
    transfers: { type: 'string', default: '20000' },
    wallets: { type: 'string', default: '2000' },
  },
});
const transfers = Number(values.transfers);
const WARM_UP = 3000;

interface Run {
  shards: number;
  traffic: Traffic;
  perSecond: number;
  cpuMicros: { postgres: number; ledgers: number; nats: number };
  /** Of each transfer. */
  bytes: StoredBytes;
}

async function measure(stage: ShardStage, traffic: Traffic): Promise<Run> {
  await offerTransfers(stage, traffic, WARM_UP);
  const pids = Object.fromEntries(
    stage.shards.flatMap(({ postgres, ledger }, shard) => [
      [`postgres-${shard}`, postgres.pid],
      [`ledger-${shard}`, ledger.pid()],
    ]),
  );
  const before = await storedBytes(stage);
  const usage = watchUsage({ ...pids, nats: stage.nats.pid });
  const { seconds } = await offerTransfers(stage, traffic, transfers);
  const { cpuMicros } = usage(transfers);
  const bytes = bytesEach(before, await storedBytes(stage), transfers);
  const sum = (name: string): number =>
    round(
      Object.entries(cpuMicros)
        .filter(([of]) => of.startsWith(name))
        .reduce((total, [, micros]) => total + micros, 0),
    );
  const run = {
    shards: stage.shards.length,
    traffic,
    perSecond: Math.round(transfers / seconds),
    cpuMicros: { postgres: sum('postgres'), ledgers: sum('ledger'), nats: sum('nats') },
    bytes,
  };
  const { postgres, ledgers, nats } = run.cpuMicros;
  say(
    `${run.shards} shards, ${traffic}: ${run.perSecond} transfers/s, CPU each: ` +
      `Postgres ${postgres} µs, ledgers ${ledgers} µs, nats ${nats} µs; ` +
      `${bytes.wal} bytes of WAL, ${bytes.disk} of tables, ${bytes.streams} of streams`,
  );
  return run;
}

const cores = await probeCores();
say(`cores really there: ${cores}`);
const runs: Run[] = [];
for (const shards of values.shards.split(',').map(Number)) {
  const options = { shards, walletsPerShard: Number(values.wallets) };
  await withShards(options, async (stage) => {
    runs.push(await measure(stage, 'local'));
    if (shards > 1) runs.push(await measure(stage, 'between'));
    const { breaks } = await checkShards(stage);
    if (breaks.length > 0) throw new Error(`the books are broken: ${JSON.stringify(breaks)}`);
  });
}
const costOf = ({ cpuMicros }: Run): number =>
  cpuMicros.postgres + cpuMicros.ledgers + cpuMicros.nats;
const [one] = runs as [Run];
printResult({
  bench: 'shards',
  cores,
  coresAfter: await probeCores(),
  transfers,
  runs: runs.map((run) => ({
    ...run,
    throughputToOneShard: round(run.perSecond / one.perSecond),
    cpuToOneShard: round(costOf(run) / costOf(one)),
  })),
});
