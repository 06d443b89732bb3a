import { freePort, isPortFree } from '@florin/testing';
import type { PlatformOptions } from '../platform/platform.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { startOwnServers } from './own-servers.ts';
import type { Proxy } from './toxiproxy.ts';

/** A whole platform, between whose parts the connections can be made worse than they are. */
export interface ProxiedPlatform extends AsyncDisposable {
  platform: ScratchPlatform;
  /** All services to nats-server, to Postgres, and banking to the bank that is named `ok`. */
  links: Record<'nats' | 'postgres' | 'bank', Proxy>;
  /** Of services that have a link to nats-server of their own. */
  ownLinks: Record<string, Proxy>;
  /** nats-server itself, without a proxy: it asks nobody for a key here. */
  natsUrl: string;
  postgresUrl: string;
}

const BANKS = ['ok', 'slow', 'declined', 'timeout', 'flaky', 'down', 'unknown-then-ok'];

/** The first of as many ports in a row as there are banks, and one for what else may listen. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const all = Array.from({ length: count }, (_, index) => isPortFree(first + index));
    if ((await Promise.all(all)).every(Boolean)) return first;
  }
}

const through = (url: string, { address }: Proxy): string => {
  const proxied = new URL(url);
  proxied.host = address;
  return proxied.href;
};

/**
 * @param own services that get a link to nats-server of their own, for a fault of theirs alone
 * @param moreBanks besides those of the simulator, as banking is told of them
 * @returns why there is none, where a program can't be had
 */
export async function startProxiedPlatform(
  options: Omit<PlatformOptions, 'dir' | 'natsUrl' | 'postgresUrl'> = {},
  own: string[] = [],
  moreBanks: object[] = [],
): Promise<ProxiedPlatform | string> {
  await using stack = new AsyncDisposableStack();
  const ownServers = await startOwnServers(stack, 'chaos');
  if (typeof ownServers === 'string') return ownServers;
  const { toxiproxy, nats, postgres } = ownServers;
  const basePort = await freePorts(BANKS.length + 2);
  const link = (name: string, url: string) => toxiproxy.proxy(name, new URL(url).host);
  const links = {
    nats: await link('nats', nats.url),
    postgres: await link('postgres', postgres.url),
    bank: await toxiproxy.proxy('bank', `127.0.0.1:${basePort}`),
  };
  const ownLinks: Record<string, Proxy> = {};
  for (const service of own) ownLinks[service] = await link(`nats-of-${service}`, nats.url);
  const banks = BANKS.map((name, index) => ({
    name,
    url: `http://${index === 0 ? links.bank.address : `127.0.0.1:${basePort + index}`}`,
  }));
  const serviceEnv: Record<string, Record<string, string>> = {
    ...Object.fromEntries(
      Object.entries(ownLinks).map(([service, proxy]) => [
        service,
        { NATS_URL: through(nats.url, proxy) },
      ]),
    ),
    'bank-simulator': { BASE_PORT: String(basePort) },
    banking: { BANKS: JSON.stringify([...banks, ...moreBanks]) },
  };
  for (const [service, more] of Object.entries(options.serviceEnv ?? {})) {
    serviceEnv[service] = { ...serviceEnv[service], ...more };
  }
  const platform = await startScratchPlatform({
    ...options,
    serviceEnv,
    natsUrl: through(nats.url, links.nats),
    postgresUrl: through(postgres.url, links.postgres),
  });
  stack.use(platform);
  const owned = stack.move();
  return {
    platform,
    links,
    ownLinks,
    natsUrl: nats.url,
    postgresUrl: postgres.url,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
