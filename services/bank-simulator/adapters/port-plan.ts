import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Free ports are looked for here, below the range from which the system takes ports for outgoing
 * connections. A bank that is down leaves its port unused: in that range somebody else's connection
 * could take it, or a caller could even connect to itself instead of being refused.
 */
const SEARCH_FROM = 20_000;
const SEARCH_TO = 30_000;
const TRIES_MAX = 200;

const portMap = z.record(z.string(), z.int().min(1).max(65_535));
export type PortMap = Record<string, number>;

export const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** The ports of the run before, so that the banks keep their addresses. */
export function readPortMap(file: string | undefined): PortMap {
  if (file === undefined || !existsSync(file)) return {};
  return portMap.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function writePortMap(file: string | undefined, ports: PortMap): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`);
}

/**
 * Takes the first port on which `take` succeeds: the preferred one, else any free one.
 * @throws what `take` threw, when it was anything else than a port in use
 */
export async function onFreePort<T>(
  preferred: number | undefined,
  take: (port: number) => Promise<T>,
  random: () => number,
): Promise<T> {
  const span = SEARCH_TO - SEARCH_FROM;
  const start = Math.floor(random() * span);
  for (let tries = 0; ; tries++) {
    const searched = SEARCH_FROM + ((start + tries) % span);
    const port = tries === 0 && preferred !== undefined ? preferred : searched;
    try {
      return await take(port);
    } catch (error) {
      if (!isPortTaken(error) || tries >= TRIES_MAX) throw error;
    }
  }
}
