import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (32768 and up). While a
 * server is down, its port must not become somebody's outgoing one: not another program's, which
 * would keep the server from coming back, nor that of a client which then connects to itself.
 */
const FROM = 20_000;
const TO = 32_000;

/** A port of the loopback address that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    if (await isPortFree(port)) return port;
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
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
