import { join } from 'node:path';
import { endProcess, eventually, freePort, spawnServer } from '@florin/testing';
import { findTool } from '../charts/install-tools.ts';

/** A connection that can be made worse than it is, in both directions. */
export interface Proxy {
  /** host:port to connect to instead. */
  address: string;
  /** Every packet comes so much later. */
  latency(milliseconds: number): Promise<void>;
  /** Connections break with a reset after so long, and so do new ones. */
  reset(afterMs: number): Promise<void>;
  /** Connections that one side closed stay open to the other one for so long. */
  slowClose(milliseconds: number): Promise<void>;
  /** Nothing passes, and nobody is told: packets are lost. */
  blackHole(): Promise<void>;
  /** Connections break, and new ones are refused. */
  cut(): Promise<void>;
  heal(): Promise<void>;
}

export interface Toxiproxy extends AsyncDisposable {
  /** @param upstream host:port; nobody has to listen there yet */
  proxy(name: string, upstream: string): Promise<Proxy>;
}

const READY_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 5_000;
const DIRECTIONS = ['upstream', 'downstream'] as const;

/**
 * @param dir where its log lies
 * @returns why there is none, where its program can't be had
 */
export async function startToxiproxy(dir: string): Promise<Toxiproxy | string> {
  const tool = findTool('toxiproxy-server');
  if (!('path' in tool)) return `toxiproxy can't be had: ${tool.missing}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-host', '127.0.0.1', '-port', String(port)];
  const server = await spawnServer({
    path: tool.path,
    args,
    cwd: dir,
    logFile: join(dir, 'toxiproxy.log'),
    orphanSignal: 'SIGTERM',
  });

  async function call(method: string, path: string, body?: unknown): Promise<void> {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  }

  await eventually(() => call('GET', '/version'), { timeoutMs: READY_WITHIN_MS });
  return {
    async proxy(name, upstream) {
      const address = `127.0.0.1:${await freePort()}`;
      await call('POST', '/proxies', { name, listen: address, upstream, enabled: true });
      const toxics = new Set<string>();
      async function poison(type: string, attributes: Record<string, number>): Promise<void> {
        for (const stream of DIRECTIONS) {
          const toxic = `${type}_${stream}`;
          toxics.add(toxic);
          const body = { name: toxic, type, stream, attributes };
          await call('POST', `/proxies/${name}/toxics`, body);
        }
      }
      return {
        address,
        latency: (latency) => poison('latency', { latency, jitter: Math.round(latency / 10) }),
        reset: (timeout) => poison('reset_peer', { timeout }),
        slowClose: (delay) => poison('slow_close', { delay }),
        blackHole: () => poison('timeout', { timeout: 0 }),
        cut: () => call('POST', `/proxies/${name}`, { enabled: false }),
        async heal() {
          for (const toxic of toxics) await call('DELETE', `/proxies/${name}/toxics/${toxic}`);
          toxics.clear();
          await call('POST', `/proxies/${name}`, { enabled: true });
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await endProcess(server, 'SIGTERM', STOP_WITHIN_MS);
    },
  };
}
