import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real service in a process of its own. */
export interface BankingProcess extends AsyncDisposable {
  /** The value of a metric with exactly these labels, 0 when it is absent. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  /** Ends it in order. Answers the exit code. */
  stop(): Promise<number | null>;
  kill9(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

function valueOf(metrics: string, name: string, labels: Record<string, string>): number {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const line = metrics
    .split('\n')
    .find(
      (candidate) =>
        candidate.startsWith(`${name}{`) && wanted.every((label) => candidate.includes(label)),
    );
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}

export async function startBanking(settings: Record<string, string>): Promise<BankingProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const { msg, metricsUrl } = JSON.parse(line) as { msg?: string; metricsUrl?: string };
    if (msg === 'ready' && metricsUrl !== undefined) ready.resolve(metricsUrl);
  });
  void ended.then((code) => {
    ready.reject(new Error(`banking ended with ${code}:\n${lines.slice(-20).join('\n')}`));
  });
  const metricsUrl = await ready.promise;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null) child.kill(signal);
    return ended;
  };
  return {
    async metric(name, labels = {}) {
      const response = await fetch(new URL('/metrics', metricsUrl));
      return valueOf(await response.text(), name, labels);
    },
    stop: () => end('SIGTERM'),
    async kill9() {
      await end('SIGKILL');
    },
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
    },
  };
}
