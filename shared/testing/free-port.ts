import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** From here systems take ports for outgoing connections, where nobody says otherwise. */
const OUTGOING: PortRange = [32_768, 65_535];
/** Below these lie the ports of well-known servers, and all that browsers refuse to ask. */
const LOWEST = 10_100;
const HIGHEST = 65_535;
/** So few would be used up, and two would often choose the same. */
const ENOUGH = 1_000;

/** The first and the last port of it. */
export type PortRange = readonly [first: number, last: number];

/** From which ports this system takes one for an outgoing connection. */
export function outgoingPorts(): PortRange {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [first = NaN, last = NaN] = text.trim().split(/\s+/).map(Number);
    return Number.isInteger(first) && Number.isInteger(last) ? [first, last] : OUTGOING;
  } catch {
    return OUTGOING;
  }
}

/**
 * Where servers listen: beside the range for outgoing connections. While a server is down, its port
 * must not become somebody's outgoing one: not another program's, which would keep the server from
 * coming back, nor that of a client which then connects to itself.
 */
export function listeningPorts([first, last]: PortRange): PortRange {
  const below: PortRange = [LOWEST, first - 1];
  const above: PortRange = [last + 1, HIGHEST];
  const widest = sizeOf(below) >= sizeOf(above) ? below : above;
  return sizeOf(widest) >= ENOUGH ? widest : [LOWEST, HIGHEST];
}

const sizeOf = ([first, last]: PortRange): number => last - first + 1;

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
  const range = listeningPorts(outgoingPorts());
  for (;;) {
    const held = await listening(range[0] + Math.floor(Math.random() * sizeOf(range)));
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
