import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface HttpListener {
  readonly url: string;
  readonly port: number;
  /** Stops accepting at once, lets running requests end within `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  /** 127.0.0.1 unless given: a container says 0.0.0.0. */
  host?: string;
  /** Time and size limits of Node's server, where its defaults do not fit. */
  limits?: Pick<
    ServerOptions,
    'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'maxHeaderSize'
  >;
}

/** The address others can use: one bound to all interfaces is reachable through loopback. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // Keep-alive connections without a request would hold the server open for as long as they like.
  server.closeIdleConnections();
  const grace = new AbortController();
  const cutOff = delay(graceMs, undefined, { signal: grace.signal, ref: false }).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  grace.abort();
  await cutOff;
}

/**
 * Serves HTTP on a port and tells the address that it got.
 * @throws the listen error, e.g. EADDRINUSE
 */
export async function listen(
  handler: RequestListener,
  { port, host = '127.0.0.1', limits = {} }: ListenOptions,
): Promise<HttpListener> {
  const server = createServer(limits, handler);
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await listening;
  server.off('error', reject);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: urlOf(host, bound),
    port: bound,
    close: (graceMs = 5000) => closeServer(server, graceMs),
  };
}
