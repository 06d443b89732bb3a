import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Program, Run } from './supervisor.ts';

export interface ServiceCommand {
  /** The instance: `ledger`, `ledger-2`. */
  name: string;
  /** The folder under services/. */
  service: string;
  env: Record<string, string>;
  logFile: string;
  /** A line for people: warnings and worse, and whatever is no log line at all. */
  onWarning(line: string): void;
  /** The fields of the line "ready". */
  onReady(fields: Record<string, unknown>): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 60_000;
/** A service gives itself 10 s to stop in order. */
const STOP_WITHIN_MS = 15_000;
/** What the levels from `warn` upwards look like at the start of a log line. */
const WARNING = /^\{"level":"(warn|error|fatal)"/;

export const mainOf = (service: string): string => `services/${service}/main.ts`;

/**
 * A service as a program to supervise. Its IPC channel carries no messages: it closes when we die,
 * which the service takes as the order to stop. In a session of its own it doesn't get the Ctrl-C
 * of the terminal, so that we decide who stops first.
 */
export function serviceProgram(command: ServiceCommand): Program {
  return {
    name: command.name,
    async launch() {
      const child = spawn(process.execPath, [mainOf(command.service)], {
        cwd: root,
        env: command.env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      });
      return watch(child, command);
    },
  };
}

function watch(child: ChildProcess, command: ServiceCommand): Run {
  const log = createWriteStream(command.logFile, { flags: 'a', mode: 0o600 });
  child.once('close', () => log.end());
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const late = setTimeout(() => reject(new Error('not ready within a minute')), READY_WITHIN_MS);
  ready.catch(() => undefined);
  let fault = '';
  const warn = (line: string): void => {
    fault = `: ${line}`;
    command.onWarning(line);
  };
  child.once('error', (error) => end(error.message));
  // `close`, not `exit`: what it said last is read by then.
  child.once('close', (code, signal) =>
    end(signal ? `killed by ${signal}` : `ended with ${code}${code === 0 ? '' : fault}`),
  );
  void ended.then((how) => {
    clearTimeout(late);
    reject(new Error(how));
  });
  followLines(child, log, warn, (fields) => {
    clearTimeout(late);
    command.onReady(fields);
    resolve();
  });
  return { pid: child.pid ?? 0, ready, ended, stop: () => stop(child, ended) };
}

function followLines(
  child: ChildProcess,
  log: WriteStream,
  onWarning: (line: string) => void,
  onReady: (fields: Record<string, unknown>) => void,
): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (!line.startsWith('{')) onWarning(line);
      else if (WARNING.test(line)) onWarning(readable(line));
      else if (line.endsWith('"msg":"ready"}')) onReady(parsed(line));
    });
  }
}

function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
}

/** Time, host and the like are in the log file; a person wants to know what happened. */
function readable(line: string): string {
  const { level, msg, err } = parsed(line) as { level: string; msg?: string; err?: Fault };
  return `${level}: ${msg ?? ''}${err?.message ? ` (${err.message})` : ''}`;
}

interface Fault {
  message?: string;
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
