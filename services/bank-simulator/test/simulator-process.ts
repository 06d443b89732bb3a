import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface SimulatorProcess extends AsyncDisposable {
  /** Address of the control API. */
  readonly url: string;
  readonly metricsUrl: string;
  /** Ends the process and waits for its end; the exit code is null after SIGKILL. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

type Ready = Pick<SimulatorProcess, 'url' | 'metricsUrl'>;

/** The line "ready". Reading goes on after it: a full pipe would block the process. */
function untilReady(output: NodeJS.ReadableStream): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  const lines = createInterface({ input: output });
  lines.on('line', (line) => {
    const fields = JSON.parse(line) as Ready & { msg: string };
    if (fields.msg === 'ready') resolve(fields);
  });
  lines.on('close', () => reject(new Error('the simulator ended before it was ready')));
  return promise;
}

/** Starts the simulator as production does: its own process, configured by its environment. */
export async function startSimulator(env: Record<string, string>): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, DELAY: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const { url, metricsUrl } = await untilReady(child.stdout);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  // A test that fails half-way must not leave its process behind.
  return { url, metricsUrl, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) };
}
