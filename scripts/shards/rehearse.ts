// npm run rehearse:shards [-- --shards 2,4 --transfers 105000]
//
// Transfers between ledger shards, each with a Postgres of its own, while one ledger after another
// is killed with -9; beside them parts of them are given back, holds are captured and dollars
// become euros in another shard. Then all books are compared: nothing lost, nothing doubled, and
// what is between the shards nets to zero. Two lines for each number of shards.
import { parseArgs } from 'node:util';
import { round, say } from '../bench/measure.ts';
import { checkShards, moneyOfPeople } from './check-shards.ts';
import { startFollowUps } from './offer-follow-ups.ts';
import { offerTransfers } from './offer-transfers.ts';
import { withShards, type ShardStage } from './shard-stage.ts';

const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '2,4' },
    transfers: { type: 'string', default: '105000' },
    wallets: { type: 'string', default: '1000' },
  },
});

const KILL_EVERY_MS_MAX = 30_000;

/** Kills a ledger, and the next as soon as it is back, until it is told to stop. */
function startKilling({ shards }: ShardStage): { stop(): Promise<number> } {
  let stopping = false;
  let kills = 0;
  async function run(): Promise<void> {
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_EVERY_MS_MAX));
      const { ledger } = shards[Math.floor(Math.random() * shards.length)] as (typeof shards)[0];
      await ledger.replace();
      kills += 1;
    }
  }
  const running = run();
  return {
    async stop() {
      stopping = true;
      await running;
      return kills;
    },
  };
}

/** Some payees can't be paid: their payments are held, refused, and released. */
async function freezeSome({ shards }: ShardStage): Promise<void> {
  for (const { pool, wallets } of shards) {
    const few = wallets.slice(0, Math.ceil(wallets.length / 50));
    await pool.query("UPDATE wallets SET status = 'frozen' WHERE id = ANY ($1::uuid[])", [few]);
  }
}

async function rehearse(shards: number): Promise<boolean> {
  const transfers = Number(values.transfers);
  const options = { shards, walletsPerShard: Number(values.wallets), lease: '5s' };
  return withShards(options, async (stage) => {
    await freezeSome(stage);
    const before = await moneyOfPeople(stage);
    const killing = startKilling(stage);
    const following = await startFollowUps(stage);
    const { seconds } = await offerTransfers(stage, 'between', transfers);
    const followed = await following.stop();
    const kills = await killing.stop();
    const found = await checkShards(stage);
    const isSound =
      found.books === 0n &&
      found.transit === 0n &&
      found.people === before &&
      found.lost === 0 &&
      found.doubled === 0 &&
      found.breaks.length === 0;
    say(
      `${shards} shards: ${transfers} transfers between them in ${round(seconds)} s, ` +
        `${kills} times kill -9 of a ledger: ` +
        `${found.credited} credited, ${found.refused} refused, ` +
        `${found.lost} lost, ${found.doubled} doubled; all books sum to ${found.books}, ` +
        `between shards ${found.transit}, people have ${found.people - before} more; ` +
        `${found.breaks.length} broken invariants: ${isSound ? 'conserved' : 'NOT CONSERVED'}`,
    );
    say(
      `  beside them ${followed.reversals} reversals, ${followed.captures} captures of holds and ` +
        `${followed.conversions} conversions between shards, ${followed.refused} refused`,
    );
    for (const { invariant, detail } of found.breaks) say(`  ${invariant}: ${detail}`);
    return isSound;
  });
}

let isSound = true;
for (const shards of values.shards.split(',').map(Number)) {
  isSound = (await rehearse(shards)) && isSound;
}
process.exit(isSound ? 0 : 1);
