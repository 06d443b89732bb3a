import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real service in a process of its own. */
export interface AuditorProcess extends AsyncDisposable {
  metricsUrl: string;
  kill9(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts an auditor and resolves when it is ready. */
export async function startAuditorProcess(
  settings: Record<string, string>,
): Promise<AuditorProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, METRICS_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, metricsUrl } = JSON.parse(line) as { msg?: string; metricsUrl?: string };
    if (msg === 'ready') ready.resolve(metricsUrl ?? '');
  });
  void ended.then(() => ready.reject(new Error('the auditor ended before it was ready')));
  const metricsUrl = await ready.promise;
  const end = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    return ended;
  };
  return {
    metricsUrl,
    kill9: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
