import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearNats, clearPostgres, eventually, isAlive } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DevFile } from './dev-file.ts';

const PATIENCE = { timeoutMs: 110_000, everyMs: 50 };
const startScript = fileURLToPath(new URL('../start.ts', import.meta.url));

describe('npm start keeps everything running, and leaves nothing running behind', () => {
  const dir = mkdtempSync(join(tmpdir(), 'florin-platform-'));
  let starter: ChildProcess;
  let output = '';

  const dev = (): DevFile => JSON.parse(readFileSync(join(dir, 'dev.json'), 'utf8')) as DevFile;
  const pids = (): number[] => Object.values(dev().pids);

  function start(): ChildProcess {
    output = '';
    const child = spawn(process.execPath, [startScript, '--dir', dir], { detached: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    return child;
  }

  async function whenReady(): Promise<DevFile> {
    await eventually(() => {
      if (starter.exitCode !== null) throw new Error(`it ended: ${output}`);
      if (!existsSync(join(dir, 'dev.json'))) throw new Error(`it is not ready: ${output}`);
    }, PATIENCE);
    return dev();
  }

  beforeAll(async () => {
    chmodSync(dir, 0o711);
    starter = start();
    await whenReady();
  });
  afterAll(async () => {
    starter.kill('SIGKILL');
    await clearPostgres(join(dir, 'postgres'));
    await clearNats(join(dir, 'nats'));
    rmSync(dir, { recursive: true, force: true });
  });

  test('a second start on the same state is refused and disturbs nobody', async () => {
    const second = spawn(process.execPath, [startScript, '--dir', dir]);
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => second.once('close', resolve));
    expect(code).toBe(1);
    expect(said).toContain(`already runs here, as process ${starter.pid}`);
    expect(pids().every(isAlive)).toBe(true);
  });

  test('each process comes back after kill -9, and dev.json tells its new pid', async () => {
    for (const [name, pid] of Object.entries(dev().pids)) {
      process.kill(pid, 'SIGKILL');
      await eventually(() => {
        const now = dev().pids[name];
        return now !== undefined && now !== pid && isAlive(now);
      }, PATIENCE);
    }
    const ready = `${dev().gatewayUrl}/readyz`;
    await eventually(async () => (await fetch(ready)).ok, PATIENCE);
  });

  test('kill -9 of the starter ends all processes; the next start has the same state', async () => {
    const [before, running] = [dev(), pids()];
    starter.kill('SIGKILL');
    await eventually(() => !running.some(isAlive), PATIENCE);
    rmSync(join(dir, 'dev.json'));
    starter = start();
    const after = await whenReady();
    expect(after.users).toEqual(before.users);
    expect(after.gatewayUrl).toBe(before.gatewayUrl);
    expect(after.oauthClient).toEqual(before.oauthClient);
  });

  test('one SIGINT stops all, ends with 0 and withdraws dev.json', async () => {
    const running = pids();
    const ended = new Promise((resolve) => starter.once('exit', resolve));
    starter.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(running.filter(isAlive)).toEqual([]);
    expect(existsSync(join(dir, 'dev.json'))).toBe(false);
  });
});
