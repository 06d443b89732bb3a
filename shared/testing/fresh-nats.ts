import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type NatsOptions, type NatsServer } from './nats-server.ts';

/**
 * A nats-server of its own for a test file that needs the whole topology, or kills its server.
 * It starts in some fifty milliseconds; its store goes away with `stop`.
 */
export async function freshNats(options: Omit<NatsOptions, 'dir'> = {}): Promise<NatsServer> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-nats-'));
  const server = await startNats({ ...options, dir });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return Object.create(server, {
    stop: { value: stop },
    [Symbol.asyncDispose]: { value: stop },
  }) as NatsServer;
}
