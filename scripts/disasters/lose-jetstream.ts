import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STREAMS } from '@florin/contracts';
import { provision } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { rebaseLanes } from '../cli/rebase-lanes.ts';
import { rehearse, type Rehearsed, type Stage } from './rehearsal.ts';

const haltedIn = async ({ load }: Stage): Promise<number> => {
  const { rows } = await load.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM partitions WHERE halted_reason IS NOT NULL',
  );
  return rows[0]?.n ?? 0;
};

/** So often in a row the same number of halted partitions is all there will be. */
const SAME_LOOKS = 10;

/** Waits until whoever read what is gone stands still: none of them may read on by itself. */
async function allHalted(stage: Stage): Promise<{ partitions: number; afterMs: number }> {
  const startedMs = performance.now();
  let [last, same, atMs] = [0, 0, startedMs];
  await eventually(
    async () => {
      const halted = await haltedIn(stage);
      if (halted !== last) [last, same, atMs] = [halted, 0, performance.now()];
      return halted > 0 && ++same >= SAME_LOOKS;
    },
    { timeoutMs: 120_000, everyMs: 300 },
  );
  return { partitions: last, afterMs: Math.round(atMs - startedMs) };
}

async function operatorRebases(stage: Stage, restoredAt?: string): Promise<number> {
  const startedMs = performance.now();
  const { text } = await rebaseLanes({ dev: stage.platform.dev() }, { restoredAt });
  stage.say(text);
  return Math.round(performance.now() - startedMs);
}

/** The server comes back with nothing: streams, consumers, flags. */
export const loseJetstream = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse('JetStream is lost entirely', say, async (stage) => {
    const { nats, dir, load } = stage;
    const struckMs = performance.now();
    await nats.kill9();
    rmSync(join(dir, 'nats', 'store'), { recursive: true, force: true });
    await nats.restart();
    await eventually(() => load.bus.connected(), { timeoutMs: 30_000 });
    await provision(load.bus);
    const halted = await allHalted(stage);
    const rebaseMs = await operatorRebases(stage);
    return { struckMs, facts: { halted, rebaseMs } };
  });

/** The stream of orders comes back as an old copy of it, as from a backup. */
export const turnStreamBack = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse('the stream of orders goes back in time', say, async (stage) => {
    const { nats, dir, load, paid } = stage;
    const store = join(dir, 'nats', 'store', 'jetstream', '$G', 'streams', STREAMS.transactions);
    const copy = join(dir, 'nats-copy');
    await nats.stop();
    cpSync(store, copy, { recursive: true });
    await nats.restart();
    await paid(100);
    const struckMs = performance.now();
    await nats.kill9();
    rmSync(store, { recursive: true, force: true });
    cpSync(copy, store, { recursive: true });
    const restoredAt = new Date().toISOString();
    await nats.restart();
    await eventually(() => load.bus.connected(), { timeoutMs: 30_000 });
    const halted = await allHalted(stage);
    const rebaseMs = await operatorRebases(stage, restoredAt);
    return { struckMs, facts: { halted, rebaseMs } };
  });
