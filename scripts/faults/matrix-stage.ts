import type { NatsServer, PostgresServer } from '@florin/testing';
import { startOwnServers } from '../chaos/own-servers.ts';
import type { Proxy } from '../chaos/toxiproxy.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';

/** What the faults of the matrix happen to. */
export const SERVICES = [
  'ledger',
  'fraud',
  'banking',
  'gateway',
  'identity',
  'notifications',
  'auditor',
  'payments',
  'rewards',
] as const;
export const SERVERS = ['nats-server', 'postgres'] as const;
export const COMPONENTS = [...SERVICES, ...SERVERS] as const;
export type Component = (typeof COMPONENTS)[number];

/** So short that a paused process has lost what it owned long before it wakes up. */
const LEASE = { LEASE: '2s' };

/** A whole platform whose parts can be killed, paused, and cut off from their servers. */
export interface MatrixStage extends AsyncDisposable {
  platform: ScratchPlatform;
  servers: { 'nats-server': NatsServer; postgres: PostgresServer };
  /** A service's connections to its servers, or all connections to a server. */
  links(component: Component): Proxy[];
}

/** @returns why there is none, where a program can't be had */
export async function openMatrixStage(): Promise<MatrixStage | string> {
  await using stack = new AsyncDisposableStack();
  const own = await startOwnServers(stack, 'matrix');
  if (typeof own === 'string') return own;
  const { toxiproxy, nats, postgres } = own;
  const servers = { 'nats-server': nats, postgres };
  const links: { service: string; host: string; proxy: Proxy }[] = [];
  for (const service of SERVICES) {
    for (const { url } of [nats, postgres]) {
      const { host, protocol } = new URL(url);
      const proxy = await toxiproxy.proxy(`${service}-${protocol.slice(0, -1)}`, host);
      links.push({ service, host, proxy });
    }
  }
  const platform = stack.use(
    await startScratchPlatform({
      natsUrl: nats.url,
      postgresUrl: postgres.url,
      services: ['bank-simulator', ...SERVICES],
      scale: { ledger: 2 },
      // Everything is scored, and nobody has to wait for a person.
      fraudScoring: 'shadow',
      serviceEnv: {
        ledger: LEASE,
        fraud: LEASE,
        auditor: LEASE,
        payments: { POLL_INTERVAL: '100', CLAIM_TIME: '1s' },
      },
      detour(service, url) {
        const way = new URL(url);
        const link = links.find((one) => one.service === service && one.host === way.host);
        if (link !== undefined) way.host = link.proxy.address;
        return way.href;
      },
    }),
  );
  const owned = stack.move();
  return {
    platform,
    servers,
    links(component) {
      const isOf = (one: (typeof links)[number]): boolean =>
        component === 'nats-server' || component === 'postgres'
          ? one.host === new URL(servers[component].url).host
          : one.service === component;
      return links.filter(isOf).map(({ proxy }) => proxy);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
