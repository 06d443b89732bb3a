import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { present } from '@florin/kernel';

const MAIN = fileURLToPath(new URL('../../services/ledger/main.ts', import.meta.url));

/** A ledger process that is started again after it was killed. */
export interface ShardLedger {
  pid(): number;
  /** kill -9, and a new process in its place: resolves when that one is ready. */
  replace(): Promise<void>;
  stop(): Promise<void>;
}

export async function startShardLedger(env: Record<string, string>): Promise<ShardLedger> {
  let child = await launch(env);
  return {
    pid: () => child.pid as number,
    async replace() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      child = await launch(env);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function launch(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], {
    // It ends when its channel does: with whoever started it.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, LOG_LEVEL: 'info', METRICS_PORT: '0', ...env },
  });
  const output = present(child.stdout, 'output of a ledger');
  for await (const line of createInterface({ input: output })) {
    if (!line.includes('"msg":"ready"')) continue;
    output.resume();
    return child;
  }
  throw new Error('a ledger ended before it was ready');
}
