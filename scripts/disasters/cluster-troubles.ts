import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STREAMS } from '@florin/contracts';
import { eventually, startPostgres } from '@florin/testing';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { allHalted, haltedIn, operatorRebases } from './halted-lanes.ts';
import { startNatsCluster, type ClusterNode, type NatsCluster } from './nats-cluster.ts';
import {
  rehearsalFolder,
  SERVICES,
  whilePeoplePay,
  type Crowd,
  type Rehearsed,
} from './rehearsal.ts';

const ROUNDS = 3;
/** Between two troubles, so that a node that was away has read what it missed. */
const PAUSE_PAYMENTS = 60;
/** Longer than the four seconds in which the others elect another leader. */
const APART_MS = 12_000;
const DOWN_MS = 3_000;

interface Trouble {
  name: string;
  cause(cluster: NatsCluster, crowd: Crowd): Promise<void>;
}

const anyOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

async function killed(nodes: readonly ClusterNode[]): Promise<void> {
  await Promise.all(nodes.map(({ server }) => server.kill9()));
  await sleep(DOWN_MS);
  await Promise.all(nodes.map(({ server }) => server.restart()));
}

async function apart({ routes }: ClusterNode, how: 'cut' | 'blackHole'): Promise<void> {
  await Promise.all(routes.map((route) => route[how]()));
  await sleep(APART_MS);
  await Promise.all(routes.map((route) => route.heal()));
}

/** Leads the stream of orders. */
async function leader({ nodes }: NatsCluster, { load }: Crowd): Promise<ClusterNode> {
  const name = await leaderOf(load, STREAMS.transactions);
  return nodes.find((node) => node.name === name) ?? anyOf(nodes);
}

const leaderOf = (load: Crowd['load'], stream: string): Promise<string> =>
  eventually(async () => (await load.bus.jsm.streams.info(stream)).cluster?.leader ?? false, {
    timeoutMs: 30_000,
    everyMs: 100,
  });

async function stepDown({ load }: Crowd): Promise<void> {
  for (const stream of [STREAMS.transactions, STREAMS.events]) {
    await leaderOf(load, stream);
    await load.bus.nc.request(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`, '', { timeout: 5_000 });
  }
}

const TROUBLES: readonly Trouble[] = [
  { name: 'kill -9 of any node', cause: ({ nodes }) => killed([anyOf(nodes)]) },
  {
    name: 'kill -9 of the leader',
    cause: async (cluster, crowd) => killed([await leader(cluster, crowd)]),
  },
  { name: 'kill -9 of two nodes', cause: ({ nodes }) => killed(nodes.slice(1)) },
  { name: 'a node apart, its routes cut', cause: ({ nodes }) => apart(anyOf(nodes), 'cut') },
  {
    name: 'the leader apart, packets lost',
    cause: async (cluster, crowd) => apart(await leader(cluster, crowd), 'blackHole'),
  },
  { name: 'leaders step down', cause: (_, crowd) => stepDown(crowd) },
];

/** A cluster of three whose nodes die, are cut off and hand over, again and again. */
export async function troubleCluster(say: (line: string) => void): Promise<Rehearsed | string> {
  await using stack = new AsyncDisposableStack();
  const dir = rehearsalFolder(stack);
  const cluster = await startNatsCluster(join(dir, 'nats'));
  if (typeof cluster === 'string') return cluster;
  stack.use(cluster);
  const postgres = stack.use(await startPostgres({ dataDir: join(dir, 'postgres') }));
  const platform = stack.use(
    await startScratchPlatform({
      natsUrl: cluster.url,
      streamReplicas: cluster.nodes.length,
      postgresUrl: postgres.url,
      fraudScoring: 'off',
      services: SERVICES,
      scale: { ledger: 2 },
    }),
  );
  const name = `a cluster of three (nats-server ${cluster.version}) is troubled`;
  return await whilePeoplePay(name, say, platform, async (crowd) => {
    const struckMs = performance.now();
    const longestMs: Record<string, number> = {};
    let rebased = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const trouble of TROUBLES.toSorted(() => Math.random() - 0.5)) {
        const { silenceMs, halted } = await strike(trouble, cluster, crowd);
        const after = halted > 0 ? `; ${halted} partitions had halted and were rebased` : '';
        say(`${trouble.name}: nobody was told anything for ${silenceMs} ms${after}`);
        longestMs[trouble.name] = Math.max(longestMs[trouble.name] ?? 0, silenceMs);
        rebased += halted;
      }
    }
    return { struckMs, facts: { troubles: ROUNDS * TROUBLES.length, rebased, longestMs } };
  });
}

/** Whatever the trouble lost of a stream was stored within this time before it. */
const UNSAFE_MS = 5_000;

/**
 * Makes the trouble and waits until people are served again. Lanes that found another stream than
 * the one they had read wait for the operator.
 */
async function strike(trouble: Trouble, cluster: NatsCluster, crowd: Crowd) {
  const { acknowledged } = crowd.load;
  const before = acknowledged.length;
  const unsafeSince = new Date(Date.now() - UNSAFE_MS).toISOString();
  let lastMs = performance.now();
  await trouble.cause(cluster, crowd);
  const halted = await servedOrHalted(crowd, before + PAUSE_PAYMENTS);
  if (halted > 0) await operatorRebases(crowd, unsafeSince);
  await crowd.paid(PAUSE_PAYMENTS);
  const silences = acknowledged.slice(before).map(({ atMs }) => {
    const lastedMs = atMs - lastMs;
    lastMs = Math.max(lastMs, atMs);
    return lastedMs;
  });
  return { silenceMs: Math.round(Math.max(0, ...silences)), halted };
}

/** How many partitions have halted, once that many payments are acknowledged or some have. */
async function servedOrHalted(crowd: Crowd, payments: number): Promise<number> {
  const isServed = (): boolean => crowd.load.acknowledged.length >= payments;
  await eventually(async () => isServed() || (await haltedIn(crowd)) > 0, {
    timeoutMs: 240_000,
    everyMs: 200,
  });
  return (await haltedIn(crowd)) > 0 ? (await allHalted(crowd)).partitions : 0;
}
