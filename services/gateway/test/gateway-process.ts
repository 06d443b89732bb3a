import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real service in a process of its own. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly metricsUrl: string;
  /** Asks it to end in order, without waiting. */
  askToStop(): void;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export async function startGateway(settings: Record<string, string>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  const ready = Promise.withResolvers<{ url: string; metricsUrl: string }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const { msg, url, metricsUrl } = JSON.parse(line) as Record<string, string>;
    if (msg === 'ready' && url && metricsUrl) ready.resolve({ url, metricsUrl });
  });
  void ended.then((code) => {
    ready.reject(new Error(`the gateway ended with ${code}:\n${lines.slice(-20).join('\n')}`));
  });
  return {
    ...(await ready.promise),
    ended,
    askToStop: () => void child.kill('SIGTERM'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
