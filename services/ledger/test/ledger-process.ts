import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real service in a process of its own. */
export interface LedgerProcess extends AsyncDisposable {
  kill9(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts a ledger and resolves when it is ready. */
export async function startLedgerProcess(settings: Record<string, string>): Promise<LedgerProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', METRICS_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if ((JSON.parse(line) as { msg?: string }).msg === 'ready') ready.resolve();
  });
  void ended.then(() => ready.reject(new Error('the ledger ended before it was ready')));
  await ready.promise;
  const end = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    return ended;
  };
  return {
    kill9: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
