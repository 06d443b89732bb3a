import { parseArgs } from 'node:util';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';
import { simulateSeed, type SimulatedRun } from './simulate-seed.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { takeOverTime } from './take-over-time.ts';

/**
 * Simulates seed after seed until the time is over, or one of them ends badly. A process of its
 * own: in here, time is what the simulation says.
 *
 *   npm run simulate -- --minutes 10 --seed 1
 *   npm run simulate -- --runs 1 --seed 4711           the same again
 *   npm run simulate -- --shards 4                     the books of every seed in four databases
 *   npm run simulate -- --bug double-capture           a mistake made on purpose
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: 'Infinity' },
    bug: { type: 'string' },
    shards: { type: 'string' },
  },
});

const realNowMs = performance.now.bind(performance);
let world = new SimulatedWorld(0);
takeOverTime(() => world);
/** What was thrown where nobody could catch it: production would end there. */
const uncaught: string[] = [];
process.on('uncaughtException', (error) => uncaught.push(String(error.stack)));
process.on('unhandledRejection', (error) => uncaught.push(String(error)));

async function runSeed(seed: number): Promise<SimulatedRun> {
  world = new SimulatedWorld(seed);
  const bug = values.bug as PlantedBug | undefined;
  const run = await simulateSeed(world, seed, {
    ...(bug !== undefined && { mutant: PLANTED_BUGS[bug] }),
    ...(values.shards !== undefined && { shardCount: Number(values.shards) }),
  });
  run.problems.push(...uncaught.splice(0));
  return run;
}

// The first run of a process draws random numbers that no later one draws, for its inboxes: a seed
// has to mean the same wherever it comes.
await simulateSeed(world, 0);
const untilMs = realNowMs() + Number(values.minutes) * 60_000;
const total = { seeds: 0, operations: 0, faults: 0, steps: 0 };
const first = Number(values.seed);
let failed: { seed: number; problems: string[] } | undefined;
for (let seed = first; seed < first + Number(values.runs); seed++) {
  if (failed !== undefined || (total.seeds > 0 && realNowMs() >= untilMs)) break;
  const run = await runSeed(seed);
  total.seeds += 1;
  total.operations += run.operations;
  total.steps += run.steps;
  total.faults += Object.values(run.faults).reduce((sum, count) => sum + count, 0);
  if (run.problems.length > 0) failed = { seed, problems: run.problems };
}

const { seeds, operations, faults, steps } = total;
console.log(`${seeds} seeds, ${operations} operations, ${faults} faults, ${steps} steps`);
if (failed !== undefined) {
  console.log(`seed ${failed.seed} fails:`);
  for (const problem of failed.problems.slice(0, 20)) console.log(`  ${problem}`);
}
// Processes of the last run still wait for what never comes.
process.exit(failed === undefined ? 0 : 1);
