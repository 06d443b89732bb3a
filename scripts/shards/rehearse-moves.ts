// npm run rehearse:moves [-- --moves 24 --wallets 1000]
//
// Partitions move between two ledger shards, each with a Postgres of its own, back and forth and
// under load, while ledgers and the process that moves them are killed with -9. Then all books are
// compared: nothing lost, nothing doubled. Tells how long a partition stood still.
import { parseArgs } from 'node:util';
import { faultText } from '@florin/kernel';
import { round, say } from '../bench/measure.ts';
import { checkShards, moneyOfPeople } from './check-shards.ts';
import { startFollowUps } from './offer-follow-ups.ts';
import { runMover } from './mover.ts';
import { decidedOf, offerTransfers } from './offer-transfers.ts';
import { withShards, type ShardStage } from './shard-stage.ts';

const { values } = parseArgs({
  options: {
    moves: { type: 'string', default: '24' },
    wallets: { type: 'string', default: '1000' },
    'kill-ledgers': { type: 'string', default: 'yes' },
  },
});

const TRANSFERS_AT_ONCE = 1_000;
const KILL_MOVER_MS_MAX = 4_000;
const KILL_LEDGER_MS_MAX = 20_000;
/** What is not decided by then is lost. */
const DECIDED_BY_MS = 120_000;

const random = (max: number): number => Math.floor(Math.random() * max);

/** Something that goes on until it is told to stop. */
function keepDoing(work: () => Promise<number>): { stop(): Promise<number> } {
  let stopping = false;
  let sum = 0;
  async function run(): Promise<void> {
    while (!stopping) sum += await work();
  }
  const running = run();
  return {
    async stop() {
      stopping = true;
      await running;
      return sum;
    },
  };
}

/** Moves partitions there and back; whoever moves them is killed three times at every second. */
async function moveAll(stage: ShardStage, moves: number) {
  const at = [...stage.map.partitions];
  const pausesMs: number[] = [];
  let kills = 0;
  for (let done = 0; done < moves; done++) {
    const partition = random(at.length);
    const from = at[partition] as number;
    const to = 1 - from;
    const killsMax = done % 2 === 0 ? 0 : 3;
    for (let tries = 0; ; tries++) {
      const killAfterMs = tries < killsMax ? random(KILL_MOVER_MS_MAX) : undefined;
      const told = await runMover(stage, { partition, from, to }, killAfterMs);
      if (told !== undefined) {
        // What was fenced when its mover was killed waits for the next one: no pause of ours.
        if (tries === 0 && told.pauseMs !== null) pausesMs.push(told.pauseMs);
        break;
      }
      kills += 1;
      if (await isMoved(stage, partition, to)) break;
    }
    at[partition] = to;
  }
  return { pausesMs: pausesMs.toSorted((a, b) => a - b), kills, hasFailed: false };
}

/** Whoever was killed may have done all of it. */
async function isMoved({ shards }: ShardStage, partition: number, to: number): Promise<boolean> {
  const underWay = await Promise.all(
    shards.map(({ pool }) => pool.query('SELECT FROM partition_moves WHERE ended_at IS NULL')),
  );
  if (underWay.some(({ rows }) => rows.length > 0)) return false;
  const { rows } = (await shards[to]?.pool.query('SELECT FROM partitions WHERE partition = $1', [
    partition,
  ])) ?? { rows: [] };
  return rows.length > 0;
}

/** Payments that more than one shard calls its own, and those that none does. */
async function decidedOnce({ shards }: ShardStage, offered: number) {
  const ids: string[] = [];
  for (const { pool } of shards) {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM transactions
        WHERE client_id = 'shards' AND event_sequence IS NOT NULL AND status <> 'held'
          AND partition IN (SELECT partition FROM partitions)`,
    );
    ids.push(...rows.map(({ id }) => id));
  }
  const once = new Set(ids).size;
  return { missing: offered - once, twice: ids.length - once };
}

const options = { shards: 2, walletsPerShard: Number(values.wallets), lease: '5s' };
const isSound = await withShards(options, async (stage) => {
  const before = await moneyOfPeople(stage);
  const startedMs = performance.now();
  const following = await startFollowUps(stage);
  let traffic: 'local' | 'between' = 'local';
  const offering = keepDoing(async () => {
    await offerTransfers(stage, traffic, TRANSFERS_AT_ONCE);
    traffic = traffic === 'local' ? 'between' : 'local';
    return TRANSFERS_AT_ONCE;
  });
  const killing = keepDoing(async () => {
    await new Promise((resolve) => setTimeout(resolve, random(KILL_LEDGER_MS_MAX)));
    if (values['kill-ledgers'] !== 'yes') return 0;
    await stage.shards[random(2)]?.ledger.replace();
    return 1;
  });
  const moving = await moveAll(stage, Number(values.moves)).catch((error: unknown) => {
    say(`a partition does not move: ${faultText(error)}`);
    return { pausesMs: [], kills: 0, hasFailed: true };
  });
  const { pausesMs, kills } = moving;
  const killed = await killing.stop();
  const offered = await offering.stop();
  const followed = await following.stop();
  const deadline = performance.now() + DECIDED_BY_MS;
  while ((await decidedOf(stage)) < offered && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { missing, twice } = await decidedOnce(stage, offered);
  const found = await checkShards(stage);
  const sound =
    !moving.hasFailed &&
    missing === 0 &&
    twice === 0 &&
    found.lost === 0 &&
    found.doubled === 0 &&
    found.books === 0n &&
    found.transit === 0n &&
    found.people === before &&
    found.breaks.length === 0;
  const at = (share: number): number =>
    round(pausesMs[Math.floor((pausesMs.length - 1) * share)] ?? Number.NaN);
  say(
    `${values.moves} moves of partitions between 2 shards in ${round(seconds)} s, under ` +
      `${offered} transfers; kill -9: ${kills} times whoever moves, ${killed} times a ledger: ` +
      `${missing + found.lost} lost, ${twice + found.doubled} doubled; all books sum to ` +
      `${found.books}, between shards ${found.transit}, people have ${found.people - before} ` +
      `more; ${found.breaks.length} broken invariants: ${sound ? 'conserved' : 'NOT CONSERVED'}`,
  );
  say(
    `  beside them ${followed.reversals} reversals, ${followed.captures} captures of holds and ` +
      `${followed.conversions} conversions between shards, ${followed.refused} refused`,
  );
  say(
    `  pause of a partition whose mover was not killed, ${pausesMs.length} times: ` +
      `p50 ${at(0.5)} ms, max ${at(1)} ms`,
  );
  for (const { invariant, detail } of found.breaks) say(`  ${invariant}: ${detail}`);
  return sound;
});
process.exit(isSound ? 0 : 1);
