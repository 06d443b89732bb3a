import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STREAMS } from '@florin/contracts';
import { provision } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { allHalted, operatorRebases } from './halted-lanes.ts';
import { rehearse, type Rehearsed } from './rehearsal.ts';

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
