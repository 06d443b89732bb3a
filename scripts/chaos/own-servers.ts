import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearPostgres, startNats, startPostgres } from '@florin/testing';
import { startToxiproxy } from './toxiproxy.ts';

/**
 * A nats-server and a Postgres in a folder of their own, and toxiproxy to put in between. All of it
 * ends with the stack.
 * @param name of what is done with them
 * @returns why there are none, where a program can't be had
 */
export async function startOwnServers(stack: AsyncDisposableStack, name: string) {
  const dir = mkdtempSync(join(tmpdir(), `florin-${name}-`));
  // Postgres may have to run as another user, who must get in.
  chmodSync(dir, 0o711);
  stack.defer(async () => {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  });
  const toxiproxy = await startToxiproxy(dir);
  if (typeof toxiproxy === 'string') return toxiproxy;
  stack.use(toxiproxy);
  const nats = stack.use(await startNats({ dir: join(dir, 'nats') }));
  const postgres = stack.use(await startPostgres({ dataDir: join(dir, 'postgres') }));
  return { toxiproxy, nats, postgres };
}
