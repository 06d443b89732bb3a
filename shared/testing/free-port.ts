import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (32768 and up). While a
 * server is down, its port must not become somebody's outgoing one: not another program's, which
 * would keep the server from coming back, nor that of a client which then connects to itself.
 */
const FROM = 20_000;
const TO = 32_000;

/** A port of the loopback address that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const held = await holdPort();
  await held.release();
  return held.port;
}

export async function isPortFree(port: number): Promise<boolean> {
  const held = await listening(port);
  await held?.release();
  return held !== undefined;
}

/** A port that nobody else gets before `release`, which its user calls just before it listens. */
export interface HeldPort {
  readonly port: number;
  release(): Promise<void>;
}

/** The preferred port if nobody listens on it, else another one. */
export async function holdPort(preferred?: number): Promise<HeldPort> {
  const kept = preferred === undefined ? undefined : await listening(preferred);
  if (kept) return kept;
  for (;;) {
    const held = await listening(FROM + Math.floor(Math.random() * (TO - FROM)));
    if (held) return held;
  }
}

async function listening(port: number): Promise<HeldPort | undefined> {
  const server = createServer().unref();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  let released: Promise<void> | undefined;
  return { port, release: () => (released ??= close(server)) };
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/**
 * Between looking for a free port and listening on it somebody else may take it: then another one
 * is tried. `fixed` is tried as it is, once.
 */
export async function onFreePort<T>(
  fixed: number | undefined,
  preferred: number | undefined,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  if (fixed) return listen(fixed);
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && preferred ? preferred : await freePort();
    try {
      return await listen(port);
    } catch (error) {
      if (attempt === 3 || !/could not bind|in use/.test(String(error))) throw error;
    }
  }
}
