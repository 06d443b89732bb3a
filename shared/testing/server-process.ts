import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SystemUser } from './unprivileged-user.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Undefined while the process runs. */
  exit(): Exit | undefined;
  signal(name: NodeJS.Signals): void;
}

interface ServerCommand {
  path: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
  user?: SystemUser | undefined;
  /** Standard output and errors are appended here. */
  logFile: string;
  /** The signal that stops this server cleanly, should we die without having stopped it. */
  orphanSignal: 'SIGINT' | 'SIGTERM';
}

/**
 * Starts a server in a session of its own: Ctrl-C in the terminal reaches only us, and we stop
 * what we started in the right order. A guard stops the server when we are killed ourselves.
 */
export async function spawnServer(command: ServerCommand): Promise<ServerProcess> {
  mkdirSync(dirname(command.logFile), { recursive: true });
  const log = openSync(command.logFile, 'a', 0o600);
  const child = spawn(command.path, command.args, {
    cwd: command.cwd,
    env: { PATH: process.env['PATH'] ?? '', ...command.env },
    stdio: ['ignore', log, log],
    detached: true,
    ...(command.user && { uid: command.user.uid, gid: command.user.gid }),
  });
  closeSync(log);
  await once(child, 'spawn');
  const pid = child.pid as number;
  const guard = spawnGuard(pid, command.orphanSignal);
  let ended: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = { code, signal };
      guard.release();
      resolve(ended);
    });
  });
  return { pid, exited, exit: () => ended, signal: (name) => void child.kill(name) };
}

/**
 * A shell that waits for the end of its standard input, which comes when this process ends in
 * whatever way, and then signals the server. Servers that are not ours cannot watch us themselves.
 */
function spawnGuard(pid: number, signal: string): { release(): void } {
  const script = `read -r _; kill -${signal.slice(3)} ${pid} 2>/dev/null`;
  const guard = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.unref();
  return {
    release() {
      guard.kill('SIGKILL');
      guard.stdin.destroy();
    },
  };
}

/** Sends a signal and waits; a process that does not end within the limit is killed. */
export async function endProcess(
  server: ServerProcess,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<Exit> {
  server.signal(signal);
  const timer = setTimeout(() => server.signal('SIGKILL'), limitMs);
  const exit = await server.exited;
  clearTimeout(timer);
  return exit;
}
