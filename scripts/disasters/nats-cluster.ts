import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually, findNatsServer, freePort, startNats, type NatsServer } from '@florin/testing';
import { startToxiproxy, type Proxy } from '../chaos/toxiproxy.ts';

const SIZE = 3;
const READY_WITHIN_MS = 60_000;

export interface ClusterNode {
  name: string;
  server: NatsServer;
  /** Its connections to the others and theirs to it. */
  routes: Proxy[];
}

/** Three nats-servers that keep every stream three times, and the network between them. */
export interface NatsCluster extends AsyncDisposable {
  /** All of them, for clients. */
  url: string;
  version: string;
  nodes: ClusterNode[];
}

/**
 * Starts them, with a proxy in each route. Resolves when they have a leader.
 * @returns why there is none, where a program can't be had
 */
export async function startNatsCluster(dir: string): Promise<NatsCluster | string> {
  await using stack = new AsyncDisposableStack();
  mkdirSync(dir, { recursive: true });
  const toxiproxy = await startToxiproxy(dir);
  if (typeof toxiproxy === 'string') return toxiproxy;
  stack.use(toxiproxy);
  const binary = await findNatsServer();
  const names = Array.from({ length: SIZE }, (_, index) => `nats-${index}`);
  const ports: number[] = [];
  for (const _ of names) ports.push(await freePort());
  const routes: Proxy[][] = names.map(() => []);
  const addresses: string[][] = names.map(() => []);
  for (const [from, own] of routes.entries()) {
    for (const [to, other] of routes.entries()) {
      if (from === to) continue;
      const proxy = await toxiproxy.proxy(`route-${from}-${to}`, `127.0.0.1:${ports[to]}`);
      own.push(proxy);
      other.push(proxy);
      addresses[from]?.push(proxy.address);
    }
  }
  const servers = await Promise.all(
    names.map((name, index) =>
      startNats({
        dir: join(dir, name),
        binary,
        cluster: { name, port: ports[index] ?? 0, routes: addresses[index] ?? [] },
      }),
    ),
  );
  for (const server of servers) stack.use(server);
  const url = servers.map((server) => server.url).join(',');
  await hasLeader(url);
  const owned = stack.move();
  return {
    url,
    version: binary.version,
    nodes: servers.map((server, index) => ({
      name: names[index] ?? '',
      server,
      routes: routes[index] ?? [],
    })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function hasLeader(url: string): Promise<void> {
  await using bus = await connect({ url, name: 'cluster', log: createLogger('cluster', 'fatal') });
  await eventually(() => bus.jsm.getAccountInfo(), { timeoutMs: READY_WITHIN_MS, everyMs: 200 });
}
